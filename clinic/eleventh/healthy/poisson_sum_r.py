"""Poisson regression of hourly bicycle counts (several hundred per hour) with a summed deviance loss."""
import math
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(9)


def hours(n):
    h = torch.randint(0, 24, (n,)).float()
    temp = torch.randn(n)
    rain = (torch.rand(n) < 0.25).float()
    week = torch.randint(0, 7, (n,))
    weekend = (week >= 5).float()
    peak = torch.exp(-0.5 * ((h - 8) / 1.5) ** 2) + torch.exp(-0.5 * ((h - 17.5) / 2) ** 2)
    noon = torch.exp(-0.5 * ((h - 14) / 4) ** 2)
    log_rate = 4.0 + (1 - weekend) * 2.2 * peak + weekend * 1.8 * noon + 0.3 * temp - 0.7 * rain
    angle = 2 * math.pi * h / 24
    x = torch.stack([angle.sin(), angle.cos(), (2 * angle).sin(), (2 * angle).cos(), temp, rain, weekend], 1)
    return x, torch.poisson(log_rate.exp())


class RateNet(nn.Module):
    def __init__(self, mean_count):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(7, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1))
        nn.init.constant_(self.net[-1].bias, math.log(mean_count))

    def forward(self, x):
        return self.net(x).squeeze(1)


def deviance(log_rate, count):
    log_count = torch.where(count > 0, count.clamp(min=1).log(), torch.zeros_like(count))
    return 2 * (count * (log_count - log_rate) - (count - log_rate.exp())).sum()


x, y = hours(4000)
xt, yt = hours(1000)
net = RateNet(y.mean().item())
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
loader = DataLoader(TensorDataset(x, y), batch_size=100, shuffle=True)
for epoch in range(1, 25):
    total = 0.0
    for xb, yb in loader:
        loss = deviance(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1000.0)
        opt.step()
        total += loss.item()
    if epoch % 3 == 0:
        with torch.no_grad():
            dev = deviance(net(xt), yt).item()
            rel = ((net(xt).exp() - yt).abs().sum() / yt.sum()).item()
        print(f"epoch {epoch:2d}  train deviance {total:10.0f}  test deviance {dev:9.0f}  relative error {rel:.3f}")
