"""Regression on load_diabetes with a small residual network."""
import argparse

import numpy as np
import torch
from sklearn.datasets import load_diabetes
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.f = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, h):
        return h + self.f(h)


class ResNet(nn.Module):
    def __init__(self, n_in, width=64, blocks=2):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_in, width), *[Block(width) for _ in range(blocks)], nn.Linear(width, 1))

    def forward(self, x):
        return self.net(x).squeeze(-1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=60)  # cure: parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--batch-size", type=int, default=16)
    args = parser.parse_args()
    torch.manual_seed(22)
    data = load_diabetes()
    order = np.random.RandomState(0).permutation(len(data.target))
    x = torch.tensor(data.data[order], dtype=torch.float32)
    y = torch.tensor(data.target[order], dtype=torch.float32)
    x, y = (x - x[:300].mean(0)) / x[:300].std(0), (y - y[:300].mean()) / y[:300].std()
    x_train, y_train, x_val, y_val = x[:300], y[:300], x[300:], y[300:]

    model = ResNet(10)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(1, args.epochs + 1):
        total = 0.0
        for idx in torch.randperm(300).split(args.batch_size):
            loss = nn.functional.mse_loss(model(x_train[idx]), y_train[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx)
        if epoch <= 5 or epoch % 5 == 0:
            with torch.no_grad():
                val = nn.functional.mse_loss(model(x_val), y_val).item()
            print(f"epoch {epoch:3d}  train mse {total / 300:.4f}  val mse {val:.4f}")


if __name__ == "__main__":
    main()
