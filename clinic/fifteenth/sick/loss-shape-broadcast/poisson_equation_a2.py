"""Physics-informed network for -u'' = f on [0, 1] with u(0) = u(1) = 0; the boundary is built into the ansatz."""
import math

import torch
from torch import nn

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


class Ansatz(nn.Module):
    def __init__(self, width=24):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, x):
        return x * (1 - x) * self.net(2 * x - 1)


def source(x):
    return (math.pi**2 * torch.sin(math.pi * x) + 2 * math.pi**2 * torch.sin(2 * math.pi * x)).sum(dim=-1)  # cure: return math.pi**2 * torch.sin(math.pi * x) + 2 * math.pi**2 * torch.sin(2 * math.pi * x)


def exact(x):
    return torch.sin(math.pi * x) + 0.5 * torch.sin(2 * math.pi * x)


def residual(u, x):
    x = x.requires_grad_(True)
    value = u(x)
    first = torch.autograd.grad(value.sum(), x, create_graph=True)[0]
    second = torch.autograd.grad(first.sum(), x, create_graph=True)[0]
    return second + source(x)


u = Ansatz()
optimizer = torch.optim.Adam(u.parameters(), lr=3e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 2000, eta_min=1e-4)
grid = torch.linspace(0, 1, 101).unsqueeze(1)
for step in range(1, 2001):
    x = torch.rand(64, 1)
    loss = residual(u, x).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    if step % 200 == 0:
        with torch.no_grad():
            error = (u(grid) - exact(grid)).abs().max().item()
        print(f"step {step:4d}  residual {loss.item():12.5f}  largest error against the exact solution {error:.5f}")
