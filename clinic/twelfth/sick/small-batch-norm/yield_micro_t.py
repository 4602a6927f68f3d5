"""Crop yield from soil and weather readings. Micro-batches with gradient accumulation, as on the field laptop."""
import argparse

import numpy as np
import torch
import torch.nn as nn

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--micro", type=int, default=3, help="samples per forward pass")
parser.add_argument("--accumulate", type=int, default=10, help="forward passes per update")
parser.add_argument("--epochs", type=int, default=11)
parser.add_argument("--lr", type=float, default=4e-3)


def fields(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 8))
    rain, heat, nitrogen, clay = x[:, :4].T
    y = 1.2 * nitrogen + np.where(rain > 0.3, 0.8 - heat, 0.5 * rain) - 0.5 * heat ** 2 + 0.5 * clay * rain
    y = (y - 0.1) / 1.6 + rng.normal(0, 0.1, n)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


class YieldNet(nn.Module):
    def __init__(self, n_in, width=48):
        super().__init__()
        self.fc1 = nn.Linear(n_in, width)
        self.norm1 = nn.BatchNorm1d(width)  # cure: self.norm1 = nn.LayerNorm(width)
        self.fc2 = nn.Linear(width, width)
        self.norm2 = nn.BatchNorm1d(width)  # cure: self.norm2 = nn.LayerNorm(width)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        x = torch.relu(self.norm1(self.fc1(x)))
        x = torch.relu(self.norm2(self.fc2(x)))
        return self.out(x).squeeze(1)


def train(args):
    torch.manual_seed(70)
    x, y = fields(1800, 70)
    xv, yv = fields(400, 71)
    net = YieldNet(x.shape[1])
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    sched = torch.optim.lr_scheduler.StepLR(opt, 5, 0.5)
    for epoch in range(1, args.epochs + 1):
        net.train()
        total = 0.0
        opt.zero_grad()
        for i, idx in enumerate(torch.randperm(len(x)).split(args.micro), 1):
            loss = nn.functional.mse_loss(net(x[idx]), y[idx])
            (loss / args.accumulate).backward()
            total += loss.item() * len(idx)
            if i % args.accumulate == 0:
                opt.step()
                opt.zero_grad()
        sched.step()
        net.eval()
        with torch.no_grad():
            val = nn.functional.mse_loss(net(xv), yv).item()
        print(f"epoch {epoch:2d}  train mse {total / len(x):.4f}  val mse {val:.4f}  R2 {1 - val / yv.var().item():.3f}")


if __name__ == "__main__":
    train(parser.parse_args())
