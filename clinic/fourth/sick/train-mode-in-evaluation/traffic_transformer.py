"""Forecast the next four half-hours of traffic at a bridge from the last 24 with a small transformer encoder."""
import math
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Options:
    past: int = 24
    ahead: int = 4
    dim: int = 32
    dropout: float = 0.25
    lr: float = 1e-3
    epochs: int = 10
    batch: int = 64
    seed: int = 61


def traffic(n, seed):
    g = torch.Generator().manual_seed(seed)
    t = torch.arange(n).float()
    day = torch.exp(2 * torch.cos(2 * math.pi * (t - 16) / 48)) + 0.8 * torch.exp(4 * torch.cos(2 * math.pi * (t - 35) / 48) - 1)
    week = torch.where((t // 48) % 7 < 5, 1.0, 0.6)
    noise = torch.randn(n, generator=g)
    x = day * week
    return (x - x.mean()) / x.std() + 0.1 * noise


class Forecaster(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.lift = nn.Linear(1, o.dim)
        self.place = nn.Parameter(0.1 * torch.randn(o.past, o.dim))
        layer = nn.TransformerEncoderLayer(o.dim, 4, 2 * o.dim, o.dropout, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.head = nn.Sequential(nn.Linear(o.dim * o.past, 64), nn.ReLU(), nn.Dropout(o.dropout), nn.Linear(64, o.ahead))

    def forward(self, x):
        return self.head(self.encoder(self.lift(x.unsqueeze(-1)) + self.place).flatten(1))


class Trainer:
    def __init__(self, o):
        torch.manual_seed(o.seed)
        self.o = o
        w = traffic(3200, o.seed).unfold(0, o.past + o.ahead, 1)
        self.train_set, self.valid_set = w[:2500], w[2500 + o.past + o.ahead:]
        self.model = Forecaster(o)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=o.lr)

    def fit_epoch(self):
        self.model.train()
        total = 0.0
        for idx in torch.randperm(len(self.train_set)).split(self.o.batch):
            past, future = self.train_set[idx].split([self.o.past, self.o.ahead], dim=1)
            loss = nn.functional.mse_loss(self.model(past), future)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(idx)
        return total / len(self.train_set)

    @torch.no_grad()
    def validate(self):
        # cure: self.model.eval()
        past, future = self.valid_set.split([self.o.past, self.o.ahead], dim=1)
        return nn.functional.mse_loss(self.model(past), future).item()


if __name__ == "__main__":
    trainer = Trainer(Options())
    for epoch in range(trainer.o.epochs):
        train = trainer.fit_epoch()
        print(f"epoch {epoch:2d}  train mse {train:.4f}  valid mse {trainer.validate():.4f}")
