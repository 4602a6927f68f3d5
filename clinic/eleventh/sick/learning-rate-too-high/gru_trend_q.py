"""Forecasts the next value of a seasonal series from the last 24 with a GRU."""
import argparse

import numpy as np
import torch
import torch.nn as nn

ap = argparse.ArgumentParser(description=__doc__)
ap.add_argument("--lr", type=float, default=0.5)  # cure: ap.add_argument("--lr", type=float, default=0.005)
ap.add_argument("--hidden", type=int, default=32)
ap.add_argument("--epochs", type=int, default=15)
ap.add_argument("--seed", type=int, default=1)
opt = ap.parse_args()

np.random.seed(opt.seed)
torch.manual_seed(opt.seed)
t = np.arange(900)
series = np.sin(2 * np.pi * t / 12) + 0.6 * np.sin(2 * np.pi * t / 31) + 0.1 * np.random.randn(900)
series = (series - series[:700].mean()) / series[:700].std()
windows = np.lib.stride_tricks.sliding_window_view(series, 25)
X = torch.tensor(windows[:, :-1].copy()).float().unsqueeze(-1)
Y = torch.tensor(windows[:, -1].copy()).float()
split = 676


class Forecaster(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        _, h = self.gru(x)
        return self.out(h[-1]).squeeze(-1)


model = Forecaster(opt.hidden)
optimizer = torch.optim.Adam(model.parameters(), lr=opt.lr)
mse = nn.MSELoss()
for epoch in range(1, opt.epochs + 1):
    model.train()
    tot = 0.0
    for idx in torch.randperm(split).split(32):
        optimizer.zero_grad()
        loss = mse(model(X[idx]), Y[idx])
        loss.backward()
        optimizer.step()
        tot += loss.item() * len(idx)
    model.eval()
    with torch.no_grad():
        val = mse(model(X[split + 24:]), Y[split + 24:]).item()
    print(f"epoch {epoch:2d} train {tot / split:.4f} val {val:.4f}")
