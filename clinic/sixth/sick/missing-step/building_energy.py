"""Energy consumption of a building from weather and calendar, gradients accumulated over micro-batches."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Args:
    micro_batch: int = 32
    accumulate: int = 64  # cure: accumulate: int = 2
    epochs: int = 25
    lr: float = 5e-3


def building(n, seed):
    r = np.random.default_rng(seed)
    temp, wind, hour, weekday = r.normal(size=n), r.normal(size=n), r.uniform(-1, 1, n), r.integers(0, 7, n)
    use = np.abs(temp + 0.3) + 0.3 * wind * (temp < 0) + np.cos(np.pi * hour) * (weekday < 5) + r.normal(0, 0.1, n)
    x = np.column_stack([temp, wind, hour, (weekday < 5) - 0.5])
    return torch.tensor(x, dtype=torch.float32), torch.tensor((use - 1.1) / 0.95, dtype=torch.float32)


def main(args):
    torch.manual_seed(0)
    x, y = building(1600, 0)
    xv, yv = building(500, 1)
    loader = DataLoader(TensorDataset(x, y), batch_size=args.micro_batch, shuffle=True)
    model = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        optimizer.zero_grad()
        running = 0.0
        for i, (xb, yb) in enumerate(loader):
            loss = nn.functional.mse_loss(model(xb).squeeze(1), yb)
            (loss / args.accumulate).backward()
            running += loss.item()
            if (i + 1) % args.accumulate == 0:
                optimizer.step()
                optimizer.zero_grad()
        with torch.no_grad():
            val = nn.functional.mse_loss(model(xv).squeeze(1), yv).item()
        if epoch % 4 == 0:
            print(f"epoch {epoch:2d}  train {running / len(loader):.4f}  val {val:.4f}")


main(Args())
