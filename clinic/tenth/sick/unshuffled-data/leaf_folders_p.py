"""Leaf outlines from five species, read species by species, classified from their radius profile."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, TensorDataset

rng = np.random.default_rng(31)
torch.manual_seed(31)
ANGLE = np.linspace(0, 2 * np.pi, 48, endpoint=False)


def species(k, n):
    """Radius at 48 angles; the lobes and the elongation differ from species to species."""
    lobes, depth, stretch = [(3, 0.22, 0.2), (5, 0.18, 0.1), (5, 0.18, 0.35), (7, 0.15, 0.2), (3, 0.10, 0.4)][k]
    d = depth * rng.uniform(0.6, 1.4, (n, 1))
    turn = rng.normal(0, 0.35, (n, 1))
    r = 1 + d * np.cos(lobes * (ANGLE + turn)) + stretch * rng.uniform(0.7, 1.3, (n, 1)) * np.cos(2 * (ANGLE + turn))
    r += 0.07 * rng.normal(size=r.shape)
    return TensorDataset(torch.tensor((r - 1) / 0.24, dtype=torch.float32), torch.full((n,), k))


train = ConcatDataset([species(k, 500) for k in range(5)])
valid = ConcatDataset([species(k, 120) for k in range(5)])
train_loader = DataLoader(train, batch_size=25)  # cure: train_loader = DataLoader(train, batch_size=25, shuffle=True)
valid_loader = DataLoader(valid, batch_size=600)

net = nn.Sequential(nn.Linear(48, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 5))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(15):
    total = 0.0
    for x, y in train_loader:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        x, y = next(iter(valid_loader))
        z = net(x)
    print(f"epoch {epoch:2d}: train loss {total / len(train_loader):.3f}, val loss {nn.functional.cross_entropy(z, y):.3f}, "
          f"val acc {(z.argmax(1) == y).float().mean():.3f}")
