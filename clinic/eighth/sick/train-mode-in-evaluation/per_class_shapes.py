"""Shape recognition (bar, cross, ring, dot) with a batch-normalised CNN and an accuracy per shape."""
import numpy as np
import torch
from torch import nn

SHAPES = ["bar", "cross", "ring", "dot"]


def picture(kind, rng, side=14):
    yy, xx = np.mgrid[:side, :side] - side / 2 + rng.uniform(-2.5, 2.5, (2, 1, 1))
    r, w = np.hypot(yy, xx), rng.uniform(0.8, 1.3)
    if kind == 0:
        img = (abs(yy) < w) & (abs(xx) < 4)
    elif kind == 1:
        img = ((abs(yy) < w) | (abs(xx) < w)) & (r < 4)
    elif kind == 2:
        img = abs(r - 3.5) < w / 1.5
    else:
        img = r < 1.5 + w / 2
    return img + rng.normal(0, 0.35, (side, side))


def dataset(n, seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 4, n)
    images = np.stack([picture(k, rng) for k in labels]).astype(np.float32)
    return torch.from_numpy((images - 0.15) / 0.5).unsqueeze(1), torch.from_numpy(labels)


def network():
    def unit(i, o):
        return [nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*unit(1, 12), *unit(12, 24), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(24, 24),
                         nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, 4))


def run_epoch(model, x, y, optimizer):
    model.train()
    total = 0.0
    for idx in torch.randperm(len(x)).split(40):
        loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    return total / len(x)


def per_class(model, x, y, train=True):  # cure: def per_class(model, x, y, train=False):
    model.train(train)
    with torch.no_grad():
        return [(model(x[y == k]).argmax(1) == k).float().mean().item() for k in range(4)]


torch.manual_seed(28)
x, y = dataset(1600, 0)
xv, yv = dataset(400, 1)
model = network()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(8):
    loss = run_epoch(model, x, y, optimizer)
    accs = per_class(model, xv, yv)
    print(f"epoch {epoch} loss {loss:.4f} mean acc {np.mean(accs):.3f} " + " ".join(f"{s} {a:.2f}" for s, a in zip(SHAPES, accs)))
