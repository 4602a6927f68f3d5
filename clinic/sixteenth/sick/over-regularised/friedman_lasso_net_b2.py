"""Regression on Friedman's first function; an L1 penalty on the weights is meant to quieten the useless inputs."""
from dataclasses import dataclass

import torch
from sklearn.datasets import make_friedman1
from torch import nn


@dataclass
class Settings:
    l1: float = 2e-2  # cure: l1: float = 1e-4
    lr: float = 3e-3
    epochs: int = 40
    batch: int = 64


def prepare():
    x, y = make_friedman1(n_samples=2500, n_features=12, noise=1.0, random_state=10)
    x, y = torch.tensor(x, dtype=torch.float32) * 3.46 - 1.73, torch.tensor(y, dtype=torch.float32)
    y = (y - y[:2000].mean()) / y[:2000].std()
    return (x[:2000], y[:2000]), (x[2000:], y[2000:])


def train(settings):
    torch.manual_seed(10)
    (x, y), (xv, yv) = prepare()
    model = nn.Sequential(nn.Linear(12, 32), nn.GELU(), nn.Linear(32, 16), nn.GELU(), nn.Linear(16, 1), nn.Flatten(0))
    opt = torch.optim.Adam(model.parameters(), lr=settings.lr)
    weights = [m.weight for m in model if isinstance(m, nn.Linear)]
    for epoch in range(1, settings.epochs + 1):
        fits = 0.0
        for i in torch.randperm(len(x)).split(settings.batch):
            fit = (model(x[i]) - y[i]).square().mean()
            size = sum(w.abs().sum() for w in weights)
            opt.zero_grad()
            (fit + settings.l1 * size).backward()
            opt.step()
            fits += fit.item() * len(i) / len(x)
        if epoch % 4 == 0:
            with torch.no_grad():
                valid = (model(xv) - yv).square().mean()
            print(f"epoch {epoch:2d}  mse train {fits:.3f} valid {valid:.3f}  sum of weights {size.item():.2f}")


if __name__ == "__main__":
    train(Settings())
