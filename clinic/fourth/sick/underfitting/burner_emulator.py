"""Emulate a slow burner simulation: from five settings to temperatures at eight positions, with a compact MLP."""
import argparse

import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=2)  # cure: parser.add_argument("--hidden", type=int, default=96)
parser.add_argument("--epochs", type=int, default=30)
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--lr", type=float, default=4e-3)


def simulate(n, rng):
    """Fuel, air ratio, swirl, preheat, load -> temperature profile along the axis (arbitrary units)."""
    s = rng.uniform(-1, 1, (n, 5))
    z = np.linspace(0, 1, 8)
    front = 0.35 + 0.2 * s[:, 1:2] - 0.1 * s[:, 2:3] * s[:, 4:]
    width = 0.15 + 0.06 * s[:, 2:3]
    peak = 1 + 0.5 * s[:, :1] - 0.4 * s[:, 1:2] ** 2 + 0.2 * s[:, 3:4]
    t = peak * np.exp(-((z - front) / width) ** 2) + 0.4 * (1 + s[:, 3:4]) * np.exp(-2 * z)
    t += 0.3 * np.maximum(s[:, 4:], 0) * z
    return s / 0.58, t + rng.normal(0, 0.01, t.shape)


def main():
    args = parser.parse_args()
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    (xa, ya), (xb, yb) = simulate(4000, rng), simulate(800, rng)
    mu, sd = ya.mean(0), ya.std(0)
    xa, xb = torch.tensor(xa, dtype=torch.float32), torch.tensor(xb, dtype=torch.float32)
    ya, yb = (torch.tensor((y - mu) / sd, dtype=torch.float32) for y in (ya, yb))
    net = nn.Sequential(nn.Linear(5, args.hidden), nn.Tanh(), nn.Linear(args.hidden, args.hidden), nn.Tanh(),
                        nn.Linear(args.hidden, 8))
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, [20, 26], gamma=0.3)
    for epoch in range(args.epochs):
        total = 0.0
        for idx in torch.randperm(len(xa)).split(args.batch):
            loss = nn.functional.mse_loss(net(xa[idx]), ya[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        sched.step()
        if epoch % 3 == 2:
            with torch.no_grad():
                valid = nn.functional.mse_loss(net(xb), yb).item()
            print(f"epoch {epoch + 1:2d}  train mse {total / len(xa):.4f}  valid mse {valid:.4f}")


if __name__ == "__main__":
    main()
