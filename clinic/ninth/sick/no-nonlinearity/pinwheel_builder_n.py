"""Classify the arms of a noisy pinwheel with a small multilayer perceptron."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(3)
rng = np.random.default_rng(3)


def pinwheel(n, arms=4):
    lab = rng.integers(0, arms, n)
    r = rng.uniform(0.3, 2.0, n)
    ang = 2 * np.pi * lab / arms + 1.8 * r + rng.normal(0, 0.15, n)
    pts = np.stack([r * np.cos(ang), r * np.sin(ang)], 1)
    return torch.tensor(pts, dtype=torch.float32), torch.tensor(lab)


def build(sizes, act=None, last=None):
    """Stack linear layers, with `act` after every one but the last."""
    mods = []
    for k, (a, b) in enumerate(zip(sizes[:-1], sizes[1:])):
        mods.append(nn.Linear(a, b))
        f = last if k == len(sizes) - 2 else act
        if f is not None:
            mods.append(f())
    return nn.Sequential(*mods)


x, y = pinwheel(2400)
xv, yv = pinwheel(800)
mu, sd = x.mean(0), x.std(0)
x, xv = (x - mu) / sd, (xv - mu) / sd

net = build([2, 48, 48, 48, 4])  # cure: net = build([2, 48, 48, 48, 4], act=nn.ReLU)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
lossf = nn.CrossEntropyLoss()
for epoch in range(30):
    perm = torch.randperm(len(x))
    tot = 0.0
    for idx in perm.split(64):
        loss = lossf(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx)
    with torch.no_grad():
        acc = (net(xv).argmax(1) == yv).float().mean().item()
    print(f"epoch {epoch:2d}  train loss {tot / len(x):.4f}  valid acc {acc:.3f}")
