"""Digits CNN; the weights that are evaluated are an exponential moving average of the trained ones."""
import copy
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
d = load_digits()
xa, xb, ya, yb = train_test_split(d.images[:, None] / 16.0, d.target, test_size=0.25, random_state=0, stratify=d.target)
m, s = xa.mean(), xa.std()
xa, xb = [torch.tensor((v - m) / s, dtype=torch.float32) for v in (xa, xb)]
ya, yb = torch.tensor(ya), torch.tensor(yb)


def conv(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class Ema:
    """Shadow copy of a model."""

    def __init__(self, model, decay):
        self.decay = decay
        self.shadow = copy.deepcopy(model).eval()

    @torch.no_grad()
    def update(self, model):
        for se, p in zip(self.shadow.parameters(), model.parameters()):
            se.lerp_(p, 1 - self.decay)
        # cure: for sb, b in zip(self.shadow.buffers(), model.buffers()): sb.copy_(b)


net = nn.Sequential(conv(1, 16), conv(16, 32), nn.MaxPool2d(2), conv(32, 32), nn.AdaptiveAvgPool2d(2),
                    nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, 10))
ema = Ema(net, 0.97)
opt = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-4)
for epoch in range(8):
    net.train()
    run = 0.0
    for idx in torch.randperm(len(xa)).split(48):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(xa[idx]), ya[idx])
        loss.backward()
        opt.step()
        ema.update(net)
        run += loss.item() * len(idx)
    with torch.no_grad():
        out = ema.shadow(xb)
    print(f"epoch {epoch:2d} train loss {run / len(xa):.4f}  ema val loss {nn.functional.cross_entropy(out, yb):.4f}"
          f"  ema val acc {(out.argmax(1) == yb).float().mean():.4f}")
