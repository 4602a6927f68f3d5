"""Full-batch fit of a small network to hourly bike demand with heavy-ball momentum, in the spirit of a physics simulation."""
import math

import torch
import torch.nn as nn

torch.manual_seed(31)
hours = torch.rand(1500) * 24
warmth = torch.randn(1500)
rush = torch.exp(-((hours - 8) ** 2) / 4) + torch.exp(-((hours - 17.5) ** 2) / 6)
demand = rush * (1 + 0.4 * warmth) + 0.05 * torch.randn(1500)
angle = hours / 24 * 2 * math.pi
table = torch.stack([angle.sin(), angle.cos(), (2 * angle).sin(), (2 * angle).cos(), warmth], dim=1)
table = (table - table.mean(0)) / table.std(0)
demand = ((demand - demand.mean()) / demand.std()).unsqueeze(1)
fit_x, fit_y, new_x, new_y = table[:1100], demand[:1100], table[1100:], demand[1100:]

net = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
loss_of = nn.MSELoss()
RATE = 0.05
FRICTION = 0.0  # cure: FRICTION = 0.1
velocity = [torch.zeros_like(p) for p in net.parameters()]
for step in range(2500):
    loss = loss_of(net(fit_x), fit_y)
    grads = torch.autograd.grad(loss, list(net.parameters()))
    with torch.no_grad():
        for p, v, g in zip(net.parameters(), velocity, grads):
            v.mul_(1 - FRICTION).sub_(RATE * g)
            p.add_(v)
    if step % 50 == 0:
        with torch.no_grad():
            print(f"step {step:4d}  fit {loss.item():.4f}  new data {loss_of(net(new_x), new_y).item():.4f}")
