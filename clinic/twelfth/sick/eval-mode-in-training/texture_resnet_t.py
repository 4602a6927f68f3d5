"""Small residual network (batch norm) that tells four procedural textures apart, with a check before training."""
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F


def textures(n, seed, size=12):
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[0:size, 0:size]
    kind = rng.integers(0, 4, n)
    imgs = []
    for k in kind:
        f, p = rng.uniform(1.0, 1.5), rng.uniform(0, 6.28)
        grid = {0: np.sin(f * xx + p), 1: np.sin(f * yy + p), 2: np.sin(f * (xx + yy) * 0.7 + p),
                3: np.sin(f * (xx - yy) * 0.7 + p)}[int(k)]
        imgs.append(rng.uniform(0.5, 1.0) * grid + rng.normal(0, 1.2, (size, size)))
    return torch.tensor(np.array(imgs), dtype=torch.float32)[:, None], torch.tensor(kind)


class Block(nn.Module):
    def __init__(self, ch):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(ch, ch, 3, padding=1, bias=False), nn.BatchNorm2d(ch)
        self.c2, self.b2 = nn.Conv2d(ch, ch, 3, padding=1, bias=False), nn.BatchNorm2d(ch)

    def forward(self, x):
        h = F.relu(self.b1(self.c1(x)))
        return F.relu(x + self.b2(self.c2(h)))


class TextureNet(nn.Module):
    def __init__(self, ch=12):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, ch, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(ch), nn.ReLU())
        self.blocks = nn.Sequential(Block(ch), Block(ch), Block(ch))
        self.fc = nn.Linear(ch, 4)

    def forward(self, x):
        return self.fc(self.blocks(self.stem(x)).mean((2, 3)))


def check(net, x, y):
    net.eval()
    with torch.no_grad():
        out = net(x)
    return F.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


torch.manual_seed(19)
x, y = textures(1000, 1)
xv, yv = textures(300, 2)
mean, std = x.mean(), x.std()
x, xv = (x - mean) / std, (xv - mean) / std
net = TextureNet()
net.train()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
print("before training: val loss %.3f, acc %.3f" % check(net, xv, yv))
for epoch in range(1, 7):
    # cure: net.train()
    total = 0.0
    for idx in torch.randperm(len(x)).split(40):
        loss = F.cross_entropy(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    print(f"epoch {epoch}: train loss {total / len(x):.3f}, val loss %.3f, acc %.3f" % check(net, xv, yv))
