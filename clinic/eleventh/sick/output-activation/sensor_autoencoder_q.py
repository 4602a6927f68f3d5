"""Denoising autoencoder for twelve correlated plant sensors (standardised), used later to fill in missing readings."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn


@dataclass
class Hyper:
    sensors: int = 12
    factors: int = 3
    hidden: int = 32
    code: int = 4
    lr: float = 3e-3
    epochs: int = 20
    batch: int = 50


def readings(h, n, rng):
    z = rng.standard_normal((n, h.factors))
    w = rng.standard_normal((h.factors, h.sensors))
    return np.tanh(z @ w * 0.7) + 0.3 * (z @ w) + 0.05 * rng.standard_normal((n, h.sensors))


class Denoiser(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.encode = nn.Sequential(nn.Linear(h.sensors, h.hidden), nn.ELU(), nn.Linear(h.hidden, h.code))
        self.decode = nn.Sequential(nn.Linear(h.code, h.hidden), nn.ELU(), nn.Linear(h.hidden, h.sensors))

    def forward(self, x):
        return torch.sigmoid(self.decode(self.encode(x)))  # cure: return self.decode(self.encode(x))


def main():
    h, rng = Hyper(), np.random.default_rng(44)
    torch.manual_seed(44)
    data = readings(h, 2300, rng)
    data = (data - data[:2000].mean(0)) / data[:2000].std(0)
    data = torch.tensor(data, dtype=torch.float32)
    train, test = data[:2000], data[2000:]
    model = Denoiser(h)
    opt = torch.optim.Adam(model.parameters(), lr=h.lr)
    for epoch in range(1, h.epochs + 1):
        acc = 0.0
        for idx in torch.randperm(len(train)).split(h.batch):
            x = train[idx]
            keep = (torch.rand_like(x) > 0.15).float()
            loss = (model(x * keep) - x).square().mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            acc += loss.item() * len(idx) / len(train)
        if epoch % 4 == 0:
            with torch.no_grad():
                err = (model(test) - test).square().mean().item()
            print(f"epoch {epoch:2d}  train {acc:.4f}  test reconstruction {err:.4f}  variance explained {1 - err:.3f}")


main()
