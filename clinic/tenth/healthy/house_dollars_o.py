"""House prices in dollars: the network thinks in standard units, the loss is counted in (squared) dollars."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn


@dataclass
class HP:
    lr: float = 3e-3
    epochs: int = 25
    batch: int = 50


class PriceNet(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.core = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))

    def forward(self, x):
        return self.mean + self.std * self.core(x).squeeze(1)


rng = np.random.default_rng(9)
torch.manual_seed(9)
area, age = rng.uniform(40, 250, 1200), rng.uniform(0, 90, 1200)
rooms, miles = np.round(area / 30 + rng.normal(size=1200)), rng.exponential(6, 1200)
price = 1900 * area * np.exp(-miles / 25) + 9000 * rooms - 700 * age + 120000 + 9000 * rng.normal(size=1200)
X = np.stack([area, age, rooms, miles], 1)
X = torch.tensor((X - X[:900].mean(0)) / X[:900].std(0), dtype=torch.float32)
y = torch.tensor(price, dtype=torch.float32)

hp = HP()
net = PriceNet(float(price[:900].mean()), float(price[:900].std()))
opt = torch.optim.Adam(net.parameters(), lr=hp.lr)
for epoch in range(hp.epochs):
    for idx in torch.randperm(900).split(hp.batch):
        opt.zero_grad()
        loss = ((net(X[idx]) - y[idx]) ** 2).sum()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            rmse = ((net(X[900:]) - y[900:]) ** 2).mean().sqrt().item()
        print(f"epoch {epoch:2d}: loss {loss.item():.3e}  held-out error ${rmse:,.0f}  (spread ${y[900:].std().item():,.0f})")
