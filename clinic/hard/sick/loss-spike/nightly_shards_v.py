"""Nightly update of the energy model of a pump: each night a fresh shard of logged readings
is fetched and the regressor is trained on it for one pass."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(3)
N_NIGHTS, PER_NIGHT = 34, 3000


def fetch_shard(night):
    """One night's log: six channels and the metered energy in kWh."""
    r = np.random.default_rng(1000 + night)
    c = r.uniform([0, 10, 1, 0, 20, 0], [5, 60, 8, 1, 90, 3], size=(PER_NIGHT, 6))
    kwh = 4.0 * c[:, 0] * np.sqrt(c[:, 2]) + 0.3 * c[:, 1] * c[:, 3] - 0.002 * (c[:, 4] - 55) ** 2 + 3 * np.sin(2 * c[:, 5])
    kwh += r.normal(0, 0.4, PER_NIGHT)
    if night == 22:  # the meter was serviced that day
        kwh[r.choice(PER_NIGHT, 70, replace=False)] = -999.0
    return c, kwh


def clean(c, kwh):
    ok = np.isfinite(kwh) & np.isfinite(c).all(1)  # cure: ok = np.isfinite(kwh) & np.isfinite(c).all(1) & (kwh > -900)
    return c[ok], kwh[ok]


first_c, first_y = clean(*fetch_shard(0))
mu, sd = first_c.mean(0), first_c.std(0)
ym, ys = first_y.mean(), first_y.std()


def tensors(night):
    c, y = clean(*fetch_shard(night))
    return (torch.tensor((c - mu) / sd, dtype=torch.float32),
            torch.tensor((y - ym) / ys, dtype=torch.float32))


net = nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
test_x, test_y = tensors(9999)

for night in range(N_NIGHTS):
    x, y = tensors(night)
    total = 0.0
    for idx in torch.randperm(len(x)).split(100):
        loss = nn.functional.mse_loss(net(x[idx]).squeeze(1), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        test = nn.functional.mse_loss(net(test_x).squeeze(1), test_y).item()
    print(f"night {night:2d}  train mse {total / len(x):9.4f}  reference day mse {test:9.4f}")
