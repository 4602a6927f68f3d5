"""Learns the yearly curve of a very noisy gauge from streamed readings with a small Fourier-feature network."""
import numpy as np
import torch
from torch import nn

SEED = 21
np.random.seed(SEED)
torch.manual_seed(SEED)


def level(t):
    return np.sin(2 * np.pi * t) + 0.5 * np.cos(6 * np.pi * t)


t_grid = np.linspace(0, 1, 400)


def features(t):
    k = np.arange(1, 5)
    ang = 2 * np.pi * np.outer(t, k)
    return torch.tensor(np.hstack([np.sin(ang), np.cos(ang)]), dtype=torch.float32)


F_grid, y_grid = features(t_grid), torch.tensor(level(t_grid), dtype=torch.float32)


class Stream:
    def __init__(self, per_step=2):  # cure: def __init__(self, per_step=512):
        self.per_step = per_step

    def __iter__(self):
        while True:
            t = np.random.rand(self.per_step)
            reading = level(t) + 5.0 * np.random.randn(self.per_step)
            yield features(t), torch.tensor(reading, dtype=torch.float32)


net = nn.Sequential(nn.Linear(8, 48), nn.ReLU(), nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for step, (x, y) in enumerate(Stream(), start=1):
    loss = nn.functional.mse_loss(net(x).squeeze(-1), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 400 == 0:
        with torch.no_grad():
            err = (net(F_grid).squeeze(-1) - y_grid).pow(2).mean().sqrt()
        print(f"step {step:5d}  batch mse {loss.item():7.3f}  rmse to the true curve {err.item():.3f}")
    if step == 2400:
        break
