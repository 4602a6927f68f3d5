"""Predict log rents from flat features."""
from dataclasses import dataclass
import numpy as np
import torch
from torch import nn


@dataclass
class Options:
    epochs: int = 15
    batch: int = 32
    lr: float = 5e-3
    width: int = 64
    seed: int = 77


def listings(n, rng):
    size = rng.gamma(6, 12, n)
    rooms = np.clip(np.round(size / 25 + rng.normal(0, .6, n)), 1, 7)
    floor = rng.integers(0, 9, n)
    dist = rng.exponential(4, n)
    year = rng.uniform(1900, 2023, n)
    rent = np.log(size) + 0.5 * np.exp(-dist / 3) + 0.03 * rooms + 0.2 * np.sin(year / 18) + 0.02 * floor
    rent += rng.normal(0, 0.08, n)
    table = np.stack([size, rooms, floor, dist, year, rent], 1)
    return table[np.argsort(table[:, -1])]


class RentModel(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(5, width), nn.ELU(), nn.Linear(width, width), nn.ELU(), nn.Linear(width, 1))

    def forward(self, x):
        return self.net(x).squeeze(-1)


def batches(n, size):
    order = torch.arange(n)  # cure: order = torch.randperm(n)
    for i in range(0, n, size):
        yield order[i:i + size]


def fit(opt: Options):
    torch.manual_seed(opt.seed)
    rng = np.random.default_rng(opt.seed)
    tr, va = listings(2400, rng), listings(600, rng)
    mu, sd = tr.mean(0), tr.std(0)
    tr, va = (torch.tensor((t - mu) / sd, dtype=torch.float32) for t in (tr, va))
    model = RentModel(opt.width)
    optim = torch.optim.Adam(model.parameters(), lr=opt.lr)
    for epoch in range(opt.epochs):
        losses = []
        for idx in batches(len(tr), opt.batch):
            pred = model(tr[idx, :-1])
            loss = nn.functional.mse_loss(pred, tr[idx, -1])
            optim.zero_grad()
            loss.backward()
            optim.step()
            losses.append(loss.item())
        with torch.no_grad():
            err = model(va[:, :-1]) - va[:, -1]
        print(f"epoch {epoch:2d} train mse {np.mean(losses):.4f} valid mse {err.square().mean():.4f} bias {err.mean():+.3f}")


fit(Options())
