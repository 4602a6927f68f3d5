"""Tide gauge: recover the smooth water level (three tidal waves) from very noisy single readings."""
import argparse
import math

import torch
import torch.nn.functional as F
from torch import nn


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--lr", type=float, default=5e-3)
    p.add_argument("--readings", type=int, default=20000)
    p.add_argument("--steps", type=int, default=1500)
    p.add_argument("--batch", type=int, default=2)  # cure: p.add_argument("--batch", type=int, default=256)
    return p.parse_args()


def level(t):
    return 0.8 * torch.sin(2 * math.pi * t) + 0.5 * torch.sin(4 * math.pi * t + 1) + 0.3 * torch.cos(6 * math.pi * t)


def main():
    a = parse()
    torch.manual_seed(13)
    t = torch.rand(a.readings, 1)
    reading = level(t) + 2.5 * torch.randn(a.readings, 1)
    net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
    opt = torch.optim.Adam(net.parameters(), lr=a.lr)
    grid = torch.linspace(0, 1, 300)[:, None]
    total = 0.0
    for step in range(1, a.steps + 1):
        pick = torch.randint(a.readings, (a.batch,))
        loss = F.mse_loss(net(2 * t[pick] - 1), reading[pick])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
        if step % 150 == 0:
            with torch.no_grad():
                err = F.mse_loss(net(2 * grid - 1), level(grid))
            print(f"step {step}: loss {total / 150:.3f}  error against the true level {err:.4f}")
            total = 0.0


if __name__ == "__main__":
    main()
