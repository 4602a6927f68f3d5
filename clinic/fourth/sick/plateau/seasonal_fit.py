"""Fit trend and three seasonal waves (amplitude, phase and frequency are learnt) to hourly heat demand of a district."""
import math

import torch
from torch import nn

HOURS = 24 * 28


def heat_demand():
    g = torch.Generator().manual_seed(30)
    t = torch.arange(HOURS).float()
    daily = 1.0 * torch.sin(2 * math.pi * t / 24 + 0.4)
    half = 0.6 * torch.sin(2 * math.pi * t / 12 - 1.0)
    weekly = 0.7 * torch.sin(2 * math.pi * t / 168 + 2.0)
    return t, daily + half + weekly + 0.1 * torch.randn(HOURS, generator=g)


class SeasonalModel(nn.Module):
    def __init__(self, periods):
        super().__init__()
        self.freq = nn.Parameter(1 / torch.tensor(periods))
        self.a = nn.Parameter(0.1 * torch.randn(len(periods)))
        self.b = nn.Parameter(0.1 * torch.randn(len(periods)))
        self.level = nn.Parameter(torch.zeros(1))
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, t):
        angle = 2 * math.pi * self.freq * t[:, None]
        waves = (self.a * torch.sin(angle) + self.b * torch.cos(angle)).sum(1)
        return self.level + self.slope * t / HOURS + waves


def main():
    torch.manual_seed(30)
    t, y = heat_demand()
    model = SeasonalModel([2.0, 5.0, 8.0])  # cure: model = SeasonalModel([12.0, 24.0, 168.0])
    slow = [model.freq]
    fast = [p for name, p in model.named_parameters() if name != "freq"]
    opt = torch.optim.Adam([{"params": fast, "lr": 0.01}, {"params": slow, "lr": 1e-5}])
    for step in range(4001):
        idx = torch.randint(HOURS, (128,))
        loss = nn.functional.mse_loss(model(t[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 400 == 0:
            with torch.no_grad():
                r2 = 1 - nn.functional.mse_loss(model(t), y) / y.var()
            print(f"step {step:4d}  batch mse {loss.item():.4f}  explained variance {r2.item():.4f}")
    print("periods found:", [round(1 / f, 2) for f in model.freq.tolist()])


if __name__ == "__main__":
    main()
