"""Physics-informed network for x'' + 0.4 x' + 4 x = 0, x(0) = 1, x'(0) = 0; no data, only the equation."""
import math
import torch
from torch import nn

C, K, T_END = 0.4, 4.0, 4.0


class Solution(nn.Module):
    """x(t) = 1 + t^2 net(t): both initial conditions hold by construction."""

    def __init__(self, width=40):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, t):
        return 1 + (1 - torch.exp(-t)) ** 2 * self.net(2 * t / T_END - 1)


def derivative(y, t):
    return torch.autograd.grad(y, t, torch.ones_like(y), create_graph=True)[0]


def residual(model, t):
    x = model(t)
    v = derivative(x, t)
    return derivative(v, t) + C * v + K * x


def exact(t):
    w = math.sqrt(K - C * C / 4)
    return torch.exp(-C / 2 * t) * (torch.cos(w * t) + C / (2 * w) * torch.sin(w * t))


torch.manual_seed(3)
model = Solution()
grid = torch.linspace(0, T_END, 80).unsqueeze(1).requires_grad_(True)
weight = torch.exp(-0.3 * grid.detach())
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1800, eta_min=2e-4)
check = torch.linspace(0, T_END, 333).unsqueeze(1)
for it in range(1, 1801):
    loss = (weight * residual(model, grid).pow(2)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 150 == 0:
        with torch.no_grad():
            err = (model(check) - exact(check)).abs().max()
        print(f"iteration {it:4d}  residual {loss.item():.6f}  largest error against the exact solution {err:.5f}")
