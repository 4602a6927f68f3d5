"""Fit a sensor's calibration curve; the readings come in the order of the sweep."""
import argparse
import numpy as np
import torch
import torch.nn as nn

p = argparse.ArgumentParser()
p.add_argument("--epochs", type=int, default=60)
p.add_argument("--batch-size", type=int, default=32)
p.add_argument("--lr", type=float, default=0.01)
p.add_argument("--seed", type=int, default=6)
a = p.parse_args()
torch.manual_seed(a.seed)
rng = np.random.default_rng(a.seed)

volts = np.linspace(0, 5, 1280)
true = lambda v: 0.8 * v + np.sin(2.2 * v) + 0.15 * v ** 2
x = torch.tensor((volts - 2.5) / 1.45, dtype=torch.float32)[:, None]
y = true(volts) + 0.08 * rng.normal(size=volts.shape)
y_mean, y_std = y.mean(), y.std()
y = torch.tensor((y - y_mean) / y_std, dtype=torch.float32)[:, None]
v_check = np.sort(rng.uniform(0, 5, 300))
x_check = torch.tensor((v_check - 2.5) / 1.45, dtype=torch.float32)[:, None]
y_check = torch.tensor((true(v_check) - y_mean) / y_std, dtype=torch.float32)[:, None]

net = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
opt = torch.optim.SGD(net.parameters(), lr=a.lr, momentum=0.9)
mse = nn.MSELoss()
for epoch in range(1, a.epochs + 1):
    index = torch.arange(len(x))  # cure: index = torch.randperm(len(x))
    run = 0.0
    for start in range(0, len(x), a.batch_size):
        part = index[start:start + a.batch_size]
        opt.zero_grad()
        loss = mse(net(x[part]), y[part])
        loss.backward()
        opt.step()
        run += loss.item() * len(part)
    if epoch % 6 == 0:
        with torch.no_grad():
            err = mse(net(x_check), y_check).item()
        print(f"epoch {epoch:3d}  training {run / len(x):.5f}  check {err:.5f}  rms {err ** 0.5 * y_std:.4f}")
