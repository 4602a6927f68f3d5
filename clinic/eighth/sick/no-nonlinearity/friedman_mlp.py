"""Regress the Friedman #1 surface with a small configurable MLP."""
import numpy as np
import torch
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split
from torch import nn

torch.manual_seed(3)


def build_mlp(sizes, activation=nn.Identity, out_activation=nn.Identity):  # cure: def build_mlp(sizes, activation=nn.ReLU, out_activation=nn.Identity):
    layers = []
    for i in range(len(sizes) - 1):
        act = activation if i < len(sizes) - 2 else out_activation
        layers += [nn.Linear(sizes[i], sizes[i + 1]), act()]
    return nn.Sequential(*layers)


X, y = make_friedman1(n_samples=4000, n_features=10, noise=0.5, random_state=0)
X = (X - 0.5) / 0.29
y = (y - y.mean()) / y.std()
Xtr, Xva, ytr, yva = train_test_split(X.astype(np.float32), y.astype(np.float32), test_size=0.25, random_state=1)
Xtr, Xva, ytr, yva = map(torch.from_numpy, (Xtr, Xva, ytr, yva))

net = build_mlp([10, 64, 64, 1])
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(25):
    order = torch.randperm(len(Xtr))
    running = 0.0
    for idx in order.split(64):
        opt.zero_grad()
        loss = ((net(Xtr[idx]).squeeze(1) - ytr[idx]) ** 2).mean()
        loss.backward()
        opt.step()
        running += loss.item() * len(idx)
    with torch.no_grad():
        val = ((net(Xva).squeeze(1) - yva) ** 2).mean().item()
    print(f"epoch {epoch:2d}  train mse {running / len(Xtr):.4f}  val mse {val:.4f}")
