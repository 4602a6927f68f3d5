"""Forecast the next 6 values of daily-rhythm load curves with a stack of residual blocks (backcast and forecast)."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

LOOK, AHEAD = 24, 6


def curves(n, rng):
    t = np.arange(LOOK + AHEAD)
    period = rng.uniform(6, 18, (n, 1))
    phase = rng.uniform(0, 2 * np.pi, (n, 1))
    wave = np.sin(2 * np.pi * t / period + phase)
    trend = rng.normal(0, 0.03, (n, 1)) * t
    z = np.sign(wave) * np.abs(wave) ** 0.7 + trend + rng.normal(0, 0.05, (n, len(t)))
    z = torch.tensor(z, dtype=torch.float32)
    return TensorDataset(z[:, :LOOK], z[:, LOOK:])


class Block(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(LOOK, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
        self.back, self.fore = nn.Linear(width, LOOK), nn.Linear(width, AHEAD)

    def forward(self, x):
        h = self.net(x)
        return x - self.back(h), self.fore(h)


class Forecaster(nn.Module):
    def __init__(self, depth=3):
        super().__init__()
        self.blocks = tuple(Block() for _ in range(depth))  # cure: self.blocks = nn.ModuleList(Block() for _ in range(depth))
        self.level = nn.Linear(LOOK, AHEAD)

    def forward(self, x):
        total = self.level(x)
        for block in self.blocks:
            x, part = block(x)
            total = total + part
        return total


torch.manual_seed(9)
rng = np.random.default_rng(9)
train = DataLoader(curves(4000, rng), batch_size=64, shuffle=True)
test = DataLoader(curves(800, rng), batch_size=400)
model = Forecaster()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(20):
    mean_loss = 0.0
    for past, future in train:
        loss = nn.functional.mse_loss(model(past), future)
        opt.zero_grad()
        loss.backward()
        opt.step()
        mean_loss += loss.item() / len(train)
    with torch.no_grad():
        mse = np.mean([nn.functional.mse_loss(model(p), f).item() for p, f in test])
    print(f"epoch {epoch:2d}: train mse {mean_loss:.4f}, test mse {mse:.4f}")
