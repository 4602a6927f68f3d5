"""Regression of diabetes progression from the ten baseline variables (wide MLP, mini-batch Adam)."""
from dataclasses import dataclass, field

import torch
from sklearn.datasets import load_diabetes
from torch import nn


@dataclass
class Setup:
    hidden: tuple = (256, 128)  # cure: hidden: tuple = (6,)
    lr: float = 1e-3
    weight_decay: float = 1e-2
    epochs: int = 60
    batch: int = 32
    n_val: int = 142
    history: list = field(default_factory=list)


def prepare(setup):
    x, y = load_diabetes(return_X_y=True)
    perm = torch.randperm(len(y))
    x = torch.tensor(x, dtype=torch.float32)[perm]
    y = torch.tensor(y, dtype=torch.float32)[perm]
    n = len(y) - setup.n_val
    x = (x - x[:n].mean(0)) / x[:n].std(0)
    y = (y - y[:n].mean()) / y[:n].std()
    return x[:n], y[:n], x[n:], y[n:]


def mlp(n_in, hidden):
    layers = []
    for h in hidden:
        layers += [nn.Linear(n_in, h), nn.ReLU()]
        n_in = h
    return nn.Sequential(*layers, nn.Linear(n_in, 1), nn.Flatten(0))


def run(setup):
    torch.manual_seed(90)
    x, y, xv, yv = prepare(setup)
    net = mlp(x.shape[1], setup.hidden)
    opt = torch.optim.AdamW(net.parameters(), lr=setup.lr, weight_decay=setup.weight_decay)
    mse = nn.MSELoss()
    for epoch in range(1, setup.epochs + 1):
        net.train()
        total = 0.0
        for idx in torch.randperm(len(x)).split(setup.batch):
            opt.zero_grad()
            loss = mse(net(x[idx]), y[idx])
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        net.eval()
        with torch.no_grad():
            val = mse(net(xv), yv).item()
        setup.history.append((total / len(x), val))
        if epoch % 5 == 0:
            print("epoch %3d   train %.4f   val %.4f" % (epoch, *setup.history[-1]))
    print("last val %.4f, R2 %.3f" % (val, 1 - val / yv.var().item()))


if __name__ == "__main__":
    run(Setup())
