"""Fit the harmonics of a tide gauge to a month of hourly readings, least absolute deviations."""

import math

import torch

torch.manual_seed(0)
hours = torch.arange(0, 24 * 30, dtype=torch.float32)
PERIODS = [12.42, 12.0, 25.82, 23.93, 6.21]
columns = [torch.ones_like(hours)]
for period in PERIODS:
    columns += [torch.cos(2 * math.pi * hours / period), torch.sin(2 * math.pi * hours / period)]
design = torch.stack(columns, 1)
truth = torch.tensor([0.4, 1.1, -0.3, 0.35, 0.2, 0.15, -0.1, 0.1, 0.12, 0.05, -0.04])
level = design @ truth + 0.05 * torch.randn(len(hours))
train, later = torch.arange(len(hours)) % 4 != 3, torch.arange(len(hours)) % 4 == 3

harmonics = torch.zeros(11, requires_grad=True)
optimizer = torch.optim.SGD(
    [harmonics], lr=0.5, momentum=0.9
)  # cure: optimizer = torch.optim.SGD([harmonics], lr=0.005, momentum=0.9)
for step in range(1000):
    loss = (design[train] @ harmonics - level[train]).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        with torch.no_grad():
            check = (design[later] @ harmonics - level[later]).abs().mean()
        print(f"step {step:4d}: mean deviation {loss.item():.4f}, held out {check:.4f}")
