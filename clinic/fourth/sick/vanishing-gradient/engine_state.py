"""Classify the operating state of a compressor from 24 vibration-spectrum bins with a deep MLP."""
import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Config:
    bins: int = 24
    width: int = 64
    depth: int = 12
    states: int = 5
    lr: float = 1e-3
    epochs: int = 10
    batch: int = 64
    seed: int = 3


def spectra(n, cfg, rng):
    y = rng.integers(0, cfg.states, n)
    k = np.arange(cfg.bins)
    f0 = 3 + 1.5 * y[:, None] + rng.normal(0, 0.25, (n, 1))
    gain = rng.uniform(0.6, 1.4, (n, 1))
    s = gain * np.exp(-((k - f0) ** 2) / 2)
    s += 0.5 * gain * np.exp(-((k - 2 * f0) ** 2) / 3) + rng.normal(0, 0.08, (n, cfg.bins))
    return s.astype(np.float32), y


def swish(x):
    return torch.sigmoid(x)  # cure: return x * torch.sigmoid(x)


class DeepMLP(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        sizes = [cfg.bins] + [cfg.width] * cfg.depth
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.head = nn.Linear(cfg.width, cfg.states)
        for layer in self.layers:
            nn.init.normal_(layer.weight, std=1.6 / math.sqrt(layer.in_features))
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        for layer in self.layers:
            x = swish(layer(x))
        return self.head(x)


def main(cfg=Config()):
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    xa, ya = spectra(4000, cfg, rng)
    xb, yb = spectra(1000, cfg, rng)
    mu, sd = xa.mean(0), xa.std(0)
    xa, xb = (torch.from_numpy((v - mu) / sd) for v in (xa, xb))
    ya, yb = torch.from_numpy(ya), torch.from_numpy(yb)
    loader = DataLoader(TensorDataset(xa, ya), cfg.batch, shuffle=True)
    model = DeepMLP(cfg)
    opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        total = 0.0
        for x, y in loader:
            loss = F.cross_entropy(model(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(y)
        with torch.no_grad():
            acc = (model(xb).argmax(1) == yb).float().mean().item()
        print(f"epoch {epoch:2d}  loss {total / len(xa):.4f}  valid acc {acc:.3f}")


if __name__ == "__main__":
    main()
