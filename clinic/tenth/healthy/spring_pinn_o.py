"""Solves x'' + 0.4 x' + 4 x = 0, x(0) = 1, x'(0) = 0 with a network: no data, only the equation."""
import math
import torch
from torch import nn

torch.manual_seed(3)
T = 4.0


class Trial(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, t):
        return 1 + (t / T) ** 2 * 10 * self.net(2 * t / T - 1)  # start values hold by construction


def exact(t):
    w = math.sqrt(4 - 0.04)
    return torch.exp(-0.2 * t) * (torch.cos(w * t) + 0.2 / w * torch.sin(w * t))


x = Trial()
opt = torch.optim.Adam(x.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=1e-2, total_steps=1200)
grid = torch.linspace(0, T, 200).unsqueeze(1)
for step in range(1200):
    t = (torch.rand(64, 1) * T).requires_grad_()
    u = x(t)
    du, = torch.autograd.grad(u.sum(), t, create_graph=True)
    ddu, = torch.autograd.grad(du.sum(), t, create_graph=True)
    residual = (ddu + 0.4 * du + 4 * u).pow(2).mean()
    opt.zero_grad()
    residual.backward()
    opt.step()
    sched.step()
    if step % 150 == 149:
        with torch.no_grad():
            err = (x(grid) - exact(grid)).abs().max().item()
        print(f"step {step + 1}: residual {residual.item():.5f}, largest error {err:.4f}")
