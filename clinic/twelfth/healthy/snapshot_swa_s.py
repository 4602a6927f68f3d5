"""Concrete-like strength regression with warm restarts and an exponential moving average of the weights."""
import copy
import math

import torch
import torch.nn as nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts

torch.manual_seed(23)


def mixtures(n):
    u = torch.rand(n, 7)
    cement, water, age = u[:, 0], 0.3 + 0.5 * u[:, 1], u[:, 2]
    strength = cement / water * torch.log1p(9 * age) + 0.5 * u[:, 3] * (1 - u[:, 4]) - (u[:, 5] - 0.5) ** 2
    strength = strength + 0.1 * torch.randn(n)
    return (u - 0.5) * math.sqrt(12), strength.unsqueeze(1)


x, y = mixtures(2400)
mean, std = y[:1800].mean(), y[:1800].std()
y = (y - mean) / std
net = nn.Sequential(nn.Linear(7, 40), nn.GELU(), nn.Linear(40, 40), nn.GELU(), nn.Linear(40, 1))
ema = copy.deepcopy(net).requires_grad_(False)
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4)
sched = CosineAnnealingWarmRestarts(opt, T_0=5, T_mult=2, eta_min=1e-3)
for epoch in range(35):
    total = 0.0
    for k, idx in enumerate(torch.randperm(1800).split(60)):
        loss = nn.functional.mse_loss(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step(epoch + k / 30)
        with torch.no_grad():
            for e, p in zip(ema.parameters(), net.parameters()):
                e.lerp_(p, 0.02)
        total += loss.item() / 30
    if epoch % 3 == 1:
        with torch.no_grad():
            a, b = (nn.functional.mse_loss(m(x[1800:]), y[1800:]).item() for m in (net, ema))
        print(f"epoch {epoch + 1:2d} lr {opt.param_groups[0]['lr']:.4f} train {total:.4f} valid {a:.4f} averaged {b:.4f}")
