"""Mark scratches on 24x24 surface images pixel by pixel with a small convolutional net."""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def surface(rng, size=24):
    img = rng.normal(0, 0.25, (size, size))
    mask = np.zeros((size, size))
    for _ in range(rng.integers(1, 3)):
        x, y, ang = *rng.uniform(5, size - 5, 2), rng.uniform(0, math.pi)
        for t in np.linspace(-6, 6, 30):
            i, j = int(x + t * math.cos(ang)), int(y + t * math.sin(ang))
            if 0 <= i < size and 0 <= j < size:
                mask[i, j] = 1
    img += 1.0 * mask
    return img, mask


def dataset(n, seed):
    rng = np.random.default_rng(seed)
    pairs = [surface(rng) for _ in range(n)]
    x = torch.tensor(np.stack([p[0] for p in pairs]), dtype=torch.float32)[:, None]
    y = torch.tensor(np.stack([p[1] for p in pairs]), dtype=torch.float32)[:, None]
    return (x - x.mean()) / x.std(), y


class ScratchNet(nn.Module):
    def __init__(self, ch=12, prior=0.01):
        super().__init__()
        self.c1 = nn.Conv2d(1, ch, 3, padding=1)
        self.c2 = nn.Conv2d(ch, ch, 3, padding=1)
        self.c3 = nn.Conv2d(ch, ch, 3, padding=1)
        self.head = nn.Conv2d(ch, 1, 1)
        # start with a low scratch probability, most pixels are clean
        for m in self.modules():  # cure: for m in [self.head]:
            if isinstance(m, nn.Conv2d):
                nn.init.constant_(m.bias, -math.log((1 - prior) / prior))

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        return self.head(F.relu(self.c3(x)))


def dice(logits, y):
    p = (logits > 0).float()
    return (2 * (p * y).sum() / (p.sum() + y.sum() + 1e-6)).item()


if __name__ == "__main__":
    torch.manual_seed(0)
    xa, ya = dataset(400, 1)
    xb, yb = dataset(100, 2)
    net = ScratchNet()
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(12):
        losses = []
        for idx in torch.randperm(len(xa)).split(16):
            loss = F.binary_cross_entropy_with_logits(net(xa[idx]), ya[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        with torch.no_grad():
            print(f"epoch {epoch:2d}  bce {np.mean(losses):.4f}  dice {dice(net(xb), yb):.3f}")
