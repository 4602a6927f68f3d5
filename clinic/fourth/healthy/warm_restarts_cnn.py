"""Ultrasound weld signals into four classes: 1-D CNN trained with cosine warm restarts, snapshots averaged at the end."""
import copy

import numpy as np
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts


def echoes(n, rng, steps=80):
    t = np.arange(steps)
    y = rng.integers(0, 4, n)
    first, gap = rng.uniform(8, 16, (n, 1)), 20 + 5 * rng.normal(0, 0.3, (n, 1))
    s = np.exp(-((t - first) / 2) ** 2) * np.cos(1.5 * (t - first))
    second = np.exp(-((t - first - gap) / 3) ** 2) * np.cos(1.2 * (t - first - gap))
    third = np.exp(-((t - first - 2 * gap) / 5) ** 2) * np.cos((t - first - 2 * gap))
    s = s + 0.7 * second * ((y == 1) | (y == 3))[:, None] - 0.6 * third * (y >= 2)[:, None]
    s += rng.normal(0, 0.2, s.shape)
    return torch.tensor(s / 0.32, dtype=torch.float32)[:, None], torch.tensor(y)


def make():
    return nn.Sequential(nn.Conv1d(1, 16, 9, stride=2, padding=4), nn.BatchNorm1d(16), nn.ReLU(),
                         nn.Conv1d(16, 32, 7, stride=2, padding=3), nn.BatchNorm1d(32), nn.ReLU(),
                         nn.AdaptiveMaxPool1d(4), nn.Flatten(), nn.Linear(128, 4))


torch.manual_seed(9)
rng = np.random.default_rng(9)
x, y = echoes(4000, rng)
xv, yv = echoes(600, rng)
model, snapshots = make(), []
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
sched = CosineAnnealingWarmRestarts(opt, T_0=6)
for epoch in range(18):
    model.train()
    lr, total = opt.param_groups[0]["lr"], 0.0
    for idx in torch.randperm(len(x)).split(50):
        loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    sched.step()
    model.eval()
    with torch.no_grad():
        acc = (model(xv).argmax(1) == yv).float().mean().item()
    print(f"epoch {epoch:2d} lr {lr:.4f} loss {total / len(x):.4f} accuracy {acc:.3f}")
    if epoch % 6 == 5:
        snapshots.append(copy.deepcopy(model))
with torch.no_grad():
    vote = sum(m(xv).softmax(1) for m in snapshots)
print(f"ensemble of {len(snapshots)} snapshots: accuracy {(vote.argmax(1) == yv).float().mean().item():.3f}")
