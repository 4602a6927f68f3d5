"""Fits a wavy function with a tanh network and a cyclical learning rate (Smith, 2017)."""
import math

import torch
import torch.nn as nn

torch.manual_seed(5)
x = torch.linspace(-1, 1, 256)[:, None]
y = torch.sin(4 * x) + 0.5 * torch.sin(9 * x)

net = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.9, 0.99))
STEPS, HALF = 2400, 60
scheduler = torch.optim.lr_scheduler.CyclicLR(
    optimizer, base_lr=2e-4, max_lr=4e-2, step_size_up=HALF, cycle_momentum=False,
    mode="triangular",  # cure: mode="triangular2",
)
recent = []
for step in range(1, STEPS + 1):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    recent.append(loss.item())
    if step % 200 == 0:
        print(f"step {step}: mean mse {sum(recent) / len(recent):.5f}  min {min(recent):.5f}  max {max(recent):.5f}")
        recent = []
print(f"final rmse {math.sqrt(nn.functional.mse_loss(net(x), y).item()):.4f}")
