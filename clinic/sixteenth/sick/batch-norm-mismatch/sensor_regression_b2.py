"""Predict the output of a simulated chemical reactor from twelve sensors, with a batch-normalised MLP."""
import argparse

import numpy as np
import torch
from torch import nn


def simulate(n, rng):
    base = rng.normal(size=(n, 4))
    mix = rng.normal(size=(4, 12))
    x = base @ mix + 0.1 * rng.normal(size=(n, 12)) + rng.uniform(-2, 2, size=12)
    y = np.sin(base[:, 0]) + 0.5 * base[:, 1] * base[:, 2] + 0.3 * base[:, 3] + 0.05 * rng.normal(size=n)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32).unsqueeze(1)


class Reactor(nn.Module):
    def __init__(self, width, momentum):
        super().__init__()
        self.lift = nn.Linear(12, width)
        self.n1 = nn.BatchNorm1d(width, momentum=momentum)
        self.mid = nn.Linear(width, width)
        self.n2 = nn.BatchNorm1d(width, momentum=momentum)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        x = torch.relu(self.n1(self.lift(x)))
        x = torch.relu(self.n2(self.mid(x)))
        return self.out(x)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--bn-momentum", type=float, default=0.0005)  # cure: parser.add_argument("--bn-momentum", type=float, default=0.1)
    args = parser.parse_args()
    torch.manual_seed(0)
    x, y = simulate(4000, np.random.default_rng(5))
    x = (x - x[:3200].mean(0)) / x[:3200].std(0)
    train_x, train_y, test_x, test_y = x[:3200], y[:3200], x[3200:], y[3200:]
    net = Reactor(args.width, args.bn_momentum)
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.epochs)
    mse = nn.MSELoss()
    for epoch in range(1, args.epochs + 1):
        net.train()
        losses = []
        for idx in torch.randperm(len(train_x)).split(128):
            opt.zero_grad()
            loss = mse(net(train_x[idx]), train_y[idx])
            loss.backward()
            opt.step()
            losses.append(loss.item())
        sched.step()
        net.eval()
        with torch.no_grad():
            on_train = mse(net(train_x), train_y).item()
            on_test = mse(net(test_x), test_y).item()
        print(f"{epoch:3d} | running {np.mean(losses):.4f} | train {on_train:.4f} | test {on_test:.4f}")


if __name__ == "__main__":
    main()
