"""Regress a standardised response from 6 inputs; one config-driven stack of layers."""
import torch
from torch import nn

CONFIG = {"layers": [6, 48, 48, 1], "activation": "relu", "lr": 2e-3, "epochs": 20, "batch": 64}


def build(cfg):
    act = {"relu": nn.ReLU, "tanh": nn.Tanh}[cfg["activation"]]
    seq = []
    for a, b in zip(cfg["layers"], cfg["layers"][1:]):
        seq += [nn.Linear(a, b), act()]
    return nn.Sequential(*seq)  # cure: return nn.Sequential(*seq[:-1])


def response(x):
    y = torch.sin(x[:, 0] * x[:, 1]) + 0.5 * x[:, 2] ** 2 - x[:, 3] + 0.3 * x[:, 4] * x[:, 5]
    return ((y - 0.5) / 1.4)[:, None] + 0.05 * torch.randn(len(x), 1)


def fit(cfg):
    torch.manual_seed(2)
    x, xv = torch.randn(4000, 6), torch.randn(1000, 6)
    y, yv = response(x), response(xv)
    net = build(cfg)
    opt = torch.optim.Adam(net.parameters(), lr=cfg["lr"])
    mse = nn.MSELoss()
    for epoch in range(cfg["epochs"]):
        s = 0.0
        for i in torch.randperm(len(x)).split(cfg["batch"]):
            loss = mse(net(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            s += loss.item() * len(i) / len(x)
        if epoch % 2:
            with torch.no_grad():
                print(f"epoch {epoch + 1}: train {s:.4f}, validation {mse(net(xv), yv).item():.4f}")


fit(CONFIG)
