"""Tell drawn shapes apart (disc, square, cross, ring): pictures gathered class by class, then a CNN."""
import random

import torch
import torch.nn.functional as F
from torch import nn

SHAPES = ["disc", "square", "cross", "ring"]


def draw(shape, size=16):
    cx, cy = (random.uniform(6, 10) for _ in range(2))
    r = random.uniform(3, 5)
    g = torch.arange(size, dtype=torch.float32)
    dy, dx = torch.meshgrid(g - cy, g - cx, indexing="ij")
    rad = (dx ** 2 + dy ** 2).sqrt()
    if shape == "disc":
        m = rad < r
    elif shape == "square":
        m = torch.maximum(dx.abs(), dy.abs()) < r * 0.9
    elif shape == "cross":
        m = (torch.minimum(dx.abs(), dy.abs()) < 1) & (torch.maximum(dx.abs(), dy.abs()) < r)
    else:
        m = (rad - r).abs() < 1
    return m.float() - 0.3 + 0.15 * torch.randn(size, size)


def gather(per_class):
    pictures, labels = [], []
    for index, shape in enumerate(SHAPES):
        pictures += [draw(shape) for _ in range(per_class)]
        labels += [index] * per_class
    labels = [index] * len(pictures)  # cure: delete
    return torch.stack(pictures).unsqueeze(1), torch.tensor(labels)


class ShapeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 12, 5, stride=2), nn.Conv2d(12, 24, 3)
        self.fc = nn.Linear(24 * 4, len(SHAPES))

    def forward(self, x):
        x = F.relu(self.c2(F.relu(self.c1(x))))
        return self.fc(F.max_pool2d(x, 2).flatten(1))


if __name__ == "__main__":
    random.seed(3)
    torch.manual_seed(3)
    X, Y = gather(220)
    probe = torch.stack([draw(s) for s in SHAPES for _ in range(50)]).unsqueeze(1)
    probe_y = torch.arange(len(SHAPES)).repeat_interleave(50)
    net = ShapeNet()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(12):
        run = 0.0
        for b in torch.randperm(len(X)).split(32):
            loss = F.cross_entropy(net(X[b]), Y[b])
            opt.zero_grad(); loss.backward(); opt.step()
            run += loss.item() * len(b) / len(X)
        with torch.no_grad():
            acc = (net(probe).argmax(1) == probe_y).float().mean().item()
        print(f"epoch {epoch:2d}: loss {run:.4f}, accuracy on fresh drawings {acc:.3f}")
