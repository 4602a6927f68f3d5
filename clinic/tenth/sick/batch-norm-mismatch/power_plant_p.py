"""Predict the output of a plant from twelve sensor channels (regression with batch norm)."""
import argparse
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

ap = argparse.ArgumentParser()
ap.add_argument("--bn-momentum", type=float, default=0.001)  # cure: ap.add_argument("--bn-momentum", type=float, default=0.1)
ap.add_argument("--lr", type=float, default=2e-3)
ap.add_argument("--epochs", type=int, default=25)
args = ap.parse_args()

rng = np.random.default_rng(21)
torch.manual_seed(21)


def plant(n):
    x = rng.normal(size=(n, 12))
    y = np.tanh(x[:, 0] + x[:, 1]) + 0.6 * x[:, 2] * x[:, 3] + 0.5 * np.sin(2 * x[:, 4]) + 0.4 * x[:, 5]
    y += 0.1 * rng.normal(size=n)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y[:, None], dtype=torch.float32)


def layer(i, o):
    return [nn.Linear(i, o), nn.BatchNorm1d(o, momentum=args.bn_momentum), nn.ReLU()]


train, (xv, yv) = TensorDataset(*plant(4000)), plant(1000)
loader = DataLoader(train, batch_size=100, shuffle=True)
model = nn.Sequential(*layer(12, 96), *layer(96, 96), *layer(96, 48), nn.Linear(48, 1))
opt = torch.optim.Adam(model.parameters(), lr=args.lr)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.epochs)
mse = nn.MSELoss()

for epoch in range(1, args.epochs + 1):
    model.train()
    losses = []
    for x, y in loader:
        loss = mse(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    sched.step()
    model.eval()
    with torch.no_grad():
        v = mse(model(xv), yv).item()
    if epoch % 5 == 0:
        print(f"{epoch:3d}  train mse {np.mean(losses):.4f}  val mse {v:.4f}  (variance of y {yv.var():.3f})")
