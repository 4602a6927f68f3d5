"""Forward kinematics of a three-joint planar arm: joint angles in, position of the hand out."""
from dataclasses import dataclass, field
from typing import List

import torch
import torch.nn as nn


@dataclass
class Settings:
    sizes: List[int] = field(default_factory=lambda: [6, 64, 64, 2])
    lr: float = 2e-3
    epochs: int = 12
    batch: int = 50
    lengths: tuple = (1.0, 0.7, 0.4)


def build(sizes):
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        layers.append(nn.Linear(a, b))
        if i < len(sizes) - 1:  # cure: if i < len(sizes) - 2:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def arm(n, lengths):
    angles = (torch.rand(n, 3) - 0.5) * 2.4
    total = angles.cumsum(1)
    reach = torch.tensor(lengths)
    hand = torch.stack([(reach * total.cos()).sum(1), (reach * total.sin()).sum(1)], 1)
    return torch.cat([angles.sin(), angles.cos()], 1) * 1.5 - 0.3, (hand - hand.mean(0)) / hand.std(0)


if __name__ == "__main__":
    cfg = Settings()
    torch.manual_seed(19)
    x, y = arm(3000, cfg.lengths)
    x, y, xt, yt = x[:2400], y[:2400], x[2400:], y[2400:]
    net = build(cfg.sizes)
    opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(cfg.batch):
            loss = nn.functional.mse_loss(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx) / len(x)
        with torch.no_grad():
            err = (net(xt) - yt).norm(dim=1)
        print(f"epoch {epoch + 1}: train mse {total:.4f}  mean hand error {err.mean():.4f}  worst {err.max():.3f}")
