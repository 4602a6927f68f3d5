"""Forecast tomorrow's demand with its uncertainty: a GRU that outputs mean and log-variance, Gaussian likelihood."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_series(days=2500, seed=0):
    rng = np.random.default_rng(seed)
    d = np.arange(days)
    week = 1.2 * np.sin(2 * np.pi * d / 7) + 0.6 * np.cos(4 * np.pi * d / 7)
    noise = np.zeros(days)
    for i in range(1, days):
        noise[i] = 0.7 * noise[i - 1] + (0.2 + 0.3 * (d[i] % 7 >= 5)) * rng.normal()
    return (week + noise).astype(np.float32)


def windows(series, width=21):
    x = np.lib.stride_tricks.sliding_window_view(series[:-1], width)
    return torch.tensor(x.copy()).unsqueeze(-1), torch.tensor(series[width:])


class Forecast(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.rnn = nn.GRU(1, hidden, batch_first=True)
        self.mean = nn.Linear(hidden, 1)
        self.logvar = nn.Linear(hidden, 1)

    def forward(self, x):
        h = self.rnn(x)[0][:, -1]
        return self.mean(h), self.logvar(h)  # cure: return self.mean(h).squeeze(-1), self.logvar(h).squeeze(-1)


def nll(mean, logvar, y):
    return 0.5 * (logvar + (y - mean) ** 2 / logvar.exp()).mean()


def fit(epochs=12):
    torch.manual_seed(0)
    series = make_series()
    series = (series - series[:2000].mean()) / series[:2000].std()
    x, y = windows(series[:2000])
    xv, yv = windows(series[2000:])
    net = Forecast()
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    for epoch in range(epochs):
        total = 0.0
        for xb, yb in DataLoader(TensorDataset(x, y), batch_size=50, shuffle=True):
            opt.zero_grad()
            loss = nll(*net(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item() * len(yb) / len(y)
        with torch.no_grad():
            mean, logvar = net(xv)
            rmse = (mean.flatten() - yv).square().mean().sqrt()
        print(f"epoch {epoch:2d} nll {total:.3f} valid nll {nll(mean, logvar, yv):.3f} "
              f"rmse {rmse:.3f} mean spread {(logvar / 2).exp().mean():.3f}")


fit()
