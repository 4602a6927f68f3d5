"""Next-hour heat load from the last 24 hours with a small encoder; parameters are sorted into
groups with and without decay, the usual way."""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn as nn


@dataclass
class HParams:
    lr: float = 2e-3
    decay: float = 0.1
    dim: int = 32
    heads: int = 4
    epochs: int = 12
    batch: int = 40


class Encoder(nn.Module):
    def __init__(self, hp, window=24):
        super().__init__()
        self.inp = nn.Linear(2, hp.dim)
        self.pos = nn.Parameter(0.02 * torch.randn(window, hp.dim))
        self.layer = nn.TransformerEncoderLayer(hp.dim, hp.heads, 2 * hp.dim, 0.0, activation="gelu", batch_first=True, norm_first=True)
        self.norm = nn.LayerNorm(hp.dim)
        self.out = nn.Linear(hp.dim, 1)

    def forward(self, x):
        return self.out(self.norm(self.layer(self.inp(x) + self.pos)).mean(1)).squeeze(-1)


def param_groups(model, hp):
    decay, free = [], []
    for name, p in model.named_parameters():
        (free if p.ndim < 2 or "pos" in name else decay).append(p)
    # coupled decay enters the gradient, so it is brought to the scale of a step
    return [{"params": decay, "weight_decay": hp.decay / hp.lr}, {"params": free, "weight_decay": 0.0}]  # cure: return [{"params": decay, "weight_decay": hp.decay}, {"params": free, "weight_decay": 0.0}]


def load_series(hours=2500, seed=8):
    r = np.random.default_rng(seed)
    t = np.arange(hours)
    temp = np.convolve(r.normal(size=hours + 23), np.ones(24) / 24 ** 0.5, "valid") + np.sin(2 * np.pi * t / 24)
    load = np.maximum(0, 1.0 - temp) + 0.6 * np.sin(2 * np.pi * (t - 7) / 12) * (t // 24 % 7 < 5) + 0.08 * r.normal(size=hours)
    return np.stack([temp, (load - load.mean()) / load.std()], 1).astype("float32")


def windows(series, ahead=1, window=24):
    n = len(series) - window - ahead + 1
    x = np.stack([series[i:i + window] for i in range(n)])
    return torch.from_numpy(x), torch.from_numpy(series[window + ahead - 1:, 1].copy())


def main():
    hp = HParams()
    torch.manual_seed(8)
    series = load_series()
    x, y = windows(series[:2000])
    vx, vy = windows(series[2000:])
    model = Encoder(hp)
    opt = torch.optim.AdamW(param_groups(model, hp), lr=hp.lr)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, hp.epochs, eta_min=hp.lr / 10)
    for epoch in range(hp.epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(hp.batch):
            loss = nn.functional.mse_loss(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        sched.step()
        with torch.no_grad():
            v = nn.functional.mse_loss(model(vx), vy).item()
        print(f"epoch {epoch:2d}  train mse {total / len(x):.4f}  valid mse {v:.4f}  explained {1 - v / vy.var().item():.3f}")


main()
