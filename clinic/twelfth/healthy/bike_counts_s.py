"""Hourly rentals of a bike scheme: a network for the mean of a negative binomial, likelihood summed over the batch."""
import numpy as np
import torch
from torch import nn


def rentals(n, rng):
    hour, day = rng.integers(0, 24, n), rng.integers(0, 7, n)
    temp, rain = rng.normal(15, 8, n), rng.random(n) < 0.2
    rush = np.exp(-0.5 * ((hour - 8) / 1.5) ** 2) + np.exp(-0.5 * ((hour - 17) / 2) ** 2)
    rush = np.where(day < 5, rush, 0.8 * np.exp(-0.5 * ((hour - 14) / 3) ** 2))
    mean = np.exp(3.5 + 2.2 * rush + 0.04 * (temp - 15) - 0.7 * rain)
    count = rng.negative_binomial(8, 8 / (8 + mean))
    angle = 2 * np.pi * hour / 24
    x = np.stack([np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle), day >= 5, (temp - 15) / 8, rain], 1)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(count, dtype=torch.float32), torch.tensor(mean)


class CountModel(nn.Module):
    def __init__(self, typical):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(7, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1))
        self.log_typical = float(np.log(typical))
        self.log_r = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        mean = (self.log_typical + self.net(x).squeeze(1)).exp()
        return mean, self.log_r.exp()


def nll(mean, r, y):
    return -(torch.lgamma(y + r) - torch.lgamma(r) - torch.lgamma(y + 1)
             + r * (r / (r + mean)).log() + y * (mean / (r + mean)).log())


rng = np.random.default_rng(3)
torch.manual_seed(3)
x, y, _ = rentals(4000, rng)
xt, yt, true_mean = rentals(1000, rng)
model = CountModel(y.mean().item())
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 16):
    batch_losses = []
    for idx in torch.randperm(len(x)).split(100):
        mean, r = model(x[idx])
        loss = nll(mean, r, y[idx]).sum()
        opt.zero_grad()
        loss.backward()
        opt.step()
        batch_losses.append(loss.item())
    with torch.no_grad():
        mean, r = model(xt)
        off = (mean / true_mean).log().abs().mean().item()
    print(f"epoch {epoch:2d}  loss per batch {np.mean(batch_losses):.1f}  test nll {nll(mean, r, yt).sum().item():.1f}  "
          f"relative error of the mean {off:.3f}  r {r.item():.2f}")
