"""Will it rain? A GRU reads a day of station records: pressure (Pa), temperature (K), humidity (%), wind (m/s)."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

HOURS = 20


def station_days(n, rng):
    front = rng.normal(0, 1, (n, 1))
    t = np.linspace(0, 1, HOURS)[None]
    pressure = 101300 - 600 * front * t + 350 * rng.normal(0, 1, (n, 1)) + 80 * rng.normal(0, 1, (n, HOURS))
    temp = 284 + 6 * np.sin(np.pi * t) + 3 * rng.normal(0, 1, (n, 1)) + rng.normal(0, .5, (n, HOURS))
    moist = rng.normal(0, 1, (n, 1))
    humid = 65 + 8 * moist + 6 * t * front + 3 * rng.normal(0, 1, (n, HOURS))
    wind = 5 + np.abs(front) * 2 * t + rng.normal(0, 1, (n, HOURS))
    rain = (front + moist + 0.3 * rng.normal(0, 1, (n, 1)) > 0).astype(np.float32)
    return np.stack([pressure, temp, humid, wind], -1), rain[:, 0]


def standardise(a, mean, std):
    return (a - mean / std).astype(np.float32)  # cure: return ((a - mean) / std).astype(np.float32)


class RainGRU(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(4, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        _, h = self.gru(x)
        return self.out(h[-1])[:, 0]


def run():
    rng = np.random.default_rng(4)
    torch.manual_seed(4)
    x, y = station_days(1500, rng)
    xv, yv = station_days(500, rng)
    mean, std = x.mean((0, 1)), x.std((0, 1))
    x, xv = standardise(x, mean, std), standardise(xv, mean, std)
    loader = DataLoader(TensorDataset(torch.from_numpy(x), torch.from_numpy(y)), 50, shuffle=True)
    xv, yv = torch.from_numpy(xv), torch.from_numpy(yv)
    model = RainGRU()
    opt = torch.optim.Adam(model.parameters(), lr=4e-3)
    loss_fn = nn.BCEWithLogitsLoss()
    for epoch in range(10):
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
        with torch.no_grad():
            z = model(xv)
        hit = ((z > 0) == (yv > 0.5)).float().mean()
        print(f"epoch {epoch}: valid bce {loss_fn(z, yv):.4f} accuracy {hit:.3f}")


run()
