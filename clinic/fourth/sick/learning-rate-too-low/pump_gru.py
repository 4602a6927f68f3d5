"""Predict the remaining pressure of a hydraulic pump one step ahead with a GRU."""
import argparse

import numpy as np
import torch
import torch.nn as nn


def get_args():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--hidden", type=int, default=32)
    p.add_argument("--window", type=int, default=30)
    p.add_argument("--epochs", type=int, default=10)
    p.add_argument("--batch-size", type=int, default=64)
    p.add_argument("--lr", type=float, default=3e-6)  # cure: p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--seed", type=int, default=17)
    return p.parse_args()


def pressure(n, rng):
    t = np.arange(n)
    cycle = np.where((t % 40) < 26, np.minimum(t % 40, 10) / 10, 1 - ((t % 40) - 26) / 14)
    wobble = 0.3 * np.sin(2 * np.pi * t / 17)
    return cycle + wobble + rng.normal(0, 0.05, n)


class PumpGRU(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        _, h = self.gru(x)
        return self.fc(h[-1])


def windows(s, k):
    w = np.lib.stride_tricks.sliding_window_view(s, k + 1).astype(np.float32)
    return torch.tensor(w[:, :k, None].copy()), torch.tensor(w[:, k:].copy())


def main():
    args = get_args()
    torch.manual_seed(args.seed)
    s = pressure(3000, np.random.default_rng(args.seed))
    s = (s - s[:2400].mean()) / s[:2400].std()
    x, y = windows(s[:2400], args.window)
    xv, yv = windows(s[2400:], args.window)
    model = PumpGRU(args.hidden)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    criterion = nn.MSELoss()
    for epoch in range(1, args.epochs + 1):
        model.train()
        losses = []
        for idx in torch.randperm(len(x)).split(args.batch_size):
            optimizer.zero_grad()
            loss = criterion(model(x[idx]), y[idx])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            val = criterion(model(xv), yv).item()
        print(f"epoch {epoch:02d} | train {np.mean(losses):.5f} | valid {val:.5f}")


if __name__ == "__main__":
    main()
