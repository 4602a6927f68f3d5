"""Tell three concentric rings apart with a small multilayer perceptron."""
import argparse

import numpy as np
import torch
from torch import nn


def build_mlp(sizes, act=None):
    layers = []
    for i, (a, b) in enumerate(zip(sizes[:-1], sizes[1:])):
        layers.append(nn.Linear(a, b))
        if act is not None and i < len(sizes) - 2:
            layers.append(act())
    return nn.Sequential(*layers)


def make_rings(n, rng):
    label = rng.integers(0, 3, n)
    radius = 0.5 + label * 0.8 + rng.normal(0, 0.12, n)
    phi = rng.uniform(0, 2 * np.pi, n)
    xy = np.stack([radius * np.cos(phi), radius * np.sin(phi)], 1)
    return torch.tensor(xy, dtype=torch.float32), torch.tensor(label)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=30)
    ap.add_argument("--lr", type=float, default=3e-3)
    ap.add_argument("--hidden", type=int, nargs="+", default=[64, 64])
    args = ap.parse_args()

    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    x_train, y_train = make_rings(1500, rng)
    x_test, y_test = make_rings(500, rng)
    net = build_mlp([2, *args.hidden, 3])  # cure: net = build_mlp([2, *args.hidden, 3], nn.ReLU)
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        total = 0.0
        for idx in torch.randperm(len(x_train)).split(50):
            loss = nn.functional.cross_entropy(net(x_train[idx]), y_train[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        if epoch % 5 == 4:
            with torch.no_grad():
                acc = (net(x_test).argmax(1) == y_test).float().mean()
            print(f"epoch {epoch + 1:3d}  loss {total / len(x_train):.4f}  test acc {acc:.3f}")


if __name__ == "__main__":
    main()
