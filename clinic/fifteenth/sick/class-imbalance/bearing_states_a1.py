"""Recognise the state of a bearing (fine, inner race, outer race) from short vibration windows with a 1-D CNN."""
import argparse

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset  # cure: from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler


def make_windows(counts, rng):
    t = np.arange(96)
    xs, ys = [], []
    for state, n in enumerate(counts):
        for _ in range(n):
            w = rng.normal(0, 1.0, 96)
            if state:
                period = 12 if state == 1 else 17
                bump = np.exp(-((t + rng.integers(period)) % period) / 2.0)
                w += rng.uniform(1.2, 2.4) * bump
            xs.append((w - w.mean()) / w.std())
            ys.append(state)
    return torch.tensor(np.array(xs), dtype=torch.float32).unsqueeze(1), torch.tensor(ys)


def build():
    return nn.Sequential(
        nn.Conv1d(1, 16, 25, padding=12), nn.ReLU(), nn.MaxPool1d(2),
        nn.Conv1d(16, 24, 9, padding=4), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(24, 3))


def recalls(model, x, y):
    with torch.no_grad():
        p = model(x).argmax(1)
    return [(p[y == k] == k).float().mean().item() for k in range(3)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lr", type=float, default=2e-3)
    args = parser.parse_args()
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    x, y = make_windows([5000, 180, 180], rng)
    x_val, y_val = make_windows([300, 300, 300], rng)
    print("windows of each state:", torch.bincount(y).tolist())
    loader = DataLoader(TensorDataset(x, y), 64, shuffle=True)  # cure: loader = DataLoader(TensorDataset(x, y), 64, sampler=WeightedRandomSampler(1.0 / torch.bincount(y).double()[y], len(y)))
    model = build()
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(1, args.epochs + 1):
        losses = []
        for xb, yb in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(xb), yb)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        r = recalls(model, x_val, y_val)
        print(f"[{epoch:02d}] loss {np.mean(losses):.3f}  recall fine/inner/outer " + " ".join(f"{v:.2f}" for v in r)
              + f"  mean {np.mean(r):.3f}")


if __name__ == "__main__":
    main()
