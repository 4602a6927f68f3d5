"""Classify eight minerals from 40-channel reflectance spectra with a batch-normalised MLP."""
import argparse

import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def minerals(n, rng):
    wave = np.linspace(0, 1, 40)
    lib = np.random.default_rng(0)
    pos, depth = lib.uniform(0.1, 0.9, (8, 3)), lib.uniform(0.2, 0.6, (8, 3))
    y = rng.integers(0, 8, n)
    p = pos[y][:, :, None] + rng.normal(0, 0.015, (n, 3, 1))
    d = depth[y][:, :, None] * rng.uniform(0.6, 1.4, (n, 3, 1))
    dips = (d * np.exp(-((wave - p) / 0.06) ** 2)).sum(1)
    slope = rng.normal(0, 0.3, (n, 1)) * (wave - 0.5)
    x = 0.8 - dips + slope + rng.normal(0, 0.07, (n, 40))
    return x.astype(np.float32), y


def network(width):
    return nn.Sequential(
        nn.Linear(40, width), nn.BatchNorm1d(width), nn.ReLU(),
        nn.Linear(width, width), nn.BatchNorm1d(width), nn.ReLU(),
        nn.Linear(width, width), nn.BatchNorm1d(width), nn.ReLU(),
        nn.Linear(width, 8))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--batch", type=int, default=2)  # cure: ap.add_argument("--batch", type=int, default=32)
    ap.add_argument("--width", type=int, default=64)
    ap.add_argument("--epochs", type=int, default=5)
    ap.add_argument("--lr", type=float, default=1e-3)
    opt = ap.parse_args()
    torch.manual_seed(23)
    rng = np.random.default_rng(23)
    xa, ya = minerals(1600, rng)
    xb, yb = minerals(600, rng)
    mu, sd = xa.mean(0), xa.std(0)
    train = TensorDataset(torch.from_numpy((xa - mu) / sd), torch.from_numpy(ya))
    xb, yb = torch.from_numpy((xb - mu) / sd), torch.from_numpy(yb)
    loader = DataLoader(train, batch_size=opt.batch, shuffle=True, drop_last=True)
    net = network(opt.width)
    adam = torch.optim.Adam(net.parameters(), lr=opt.lr)
    for epoch in range(opt.epochs):
        net.train()
        losses = []
        for x, y in loader:
            adam.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            adam.step()
            losses.append(loss.item())
        net.eval()
        with torch.no_grad():
            out = net(xb)
        print(f"epoch {epoch + 1}: train loss {np.mean(losses):.4f}  valid loss {nn.functional.cross_entropy(out, yb):.4f}"
              f"  valid accuracy {(out.argmax(1) == yb).float().mean():.3f}")


if __name__ == "__main__":
    main()
