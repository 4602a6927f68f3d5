"""Regression MLP on a generated housing-like table (10 standardised features)."""
import torch
from torch import nn
from sklearn.datasets import make_friedman1


class Config:
    lr, momentum, batch, epochs = 0.01, 0.9, 64, 20


def data():
    X, y = make_friedman1(2500, n_features=10, noise=0.5, random_state=4)
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    X, y = (X - 0.5) / 0.289, (y - y.mean()) / y.std()
    return X[:2000], y[:2000], X[2000:], y[2000:]


def loss_fn(pred, y):
    return nn.functional.smooth_l1_loss(pred, y, reduction="sum")  # cure: return nn.functional.smooth_l1_loss(pred, y)


def train(cfg):
    torch.manual_seed(0)
    X, y, Xv, yv = data()
    net = nn.Sequential(nn.Linear(10, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
    opt = torch.optim.SGD(net.parameters(), lr=cfg.lr, momentum=cfg.momentum)
    for ep in range(cfg.epochs):
        tot = 0.0
        for i in torch.randperm(len(X)).split(cfg.batch):
            loss = loss_fn(net(X[i]).squeeze(-1), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item()
        with torch.no_grad():
            r2 = 1 - (net(Xv).squeeze(-1) - yv).pow(2).mean() / yv.var()
        print(f"epoch {ep + 1} loss {tot:.3f} R2 {r2:.4f}")


train(Config)
