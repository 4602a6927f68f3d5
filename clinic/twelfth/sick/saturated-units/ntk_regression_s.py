"""Regress Friedman's first benchmark function with layers in the NTK parametrisation."""
import argparse

import numpy as np
import torch
from sklearn.datasets import make_friedman1


class NTKLinear(torch.nn.Module):
    """Weights are standard normal; the scale of the layer sits in the forward pass."""

    def __init__(self, fan_in, fan_out):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(fan_in, fan_out))
        self.bias = torch.nn.Parameter(torch.zeros(fan_out))
        self.scale = fan_in ** 0.5  # cure: self.scale = fan_in ** -0.5

    def forward(self, x):
        return self.scale * (x @ self.weight) + self.bias


class Regressor(torch.nn.Module):
    def __init__(self, n_in, width):
        super().__init__()
        self.hidden1 = NTKLinear(n_in, width)
        self.hidden2 = NTKLinear(width, width)
        self.out = torch.nn.Linear(width, 1)

    def forward(self, x):
        x = torch.tanh(self.hidden1(x))
        x = torch.tanh(self.hidden2(x))
        return self.out(x).squeeze(1)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--width", type=int, default=64)
    p.add_argument("--lr", type=float, default=5e-3)
    p.add_argument("--epochs", type=int, default=30)
    a = p.parse_args()
    torch.manual_seed(0)
    X, y = make_friedman1(2500, n_features=6, noise=0.3, random_state=0)
    X, y = (X - X.mean(0)) / X.std(0), (y - y.mean()) / y.std()
    X, y = torch.from_numpy(X.astype(np.float32)), torch.from_numpy(y.astype(np.float32))
    net = Regressor(6, a.width)
    opt = torch.optim.Adam(net.parameters(), lr=a.lr)
    for epoch in range(1, a.epochs + 1):
        for idx in torch.randperm(2000).split(50):
            loss = torch.mean((net(X[idx]) - y[idx]) ** 2)
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 3 == 0:
            with torch.no_grad():
                tr = torch.mean((net(X[:2000]) - y[:2000]) ** 2).item()
                te = torch.mean((net(X[2000:]) - y[2000:]) ** 2).item()
            print(f"epoch {epoch:3d}  train mse {tr:.4f}  test mse {te:.4f}")


if __name__ == "__main__":
    main()
