"""Physics-informed net: temperature along a cooling fin, T'' = m^2 T with T(0) = 1, T'(1) = 0; no measured targets."""
import math

import torch
from torch import nn

M = 2.0


class Fin(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, x):
        return self.net(2 * x - 1)


def derivative(y, x):
    return torch.autograd.grad(y.sum(), x, create_graph=True)[0]


def residuals(model, n=64):
    x = torch.rand(n, 1, requires_grad=True)
    t = model(x)
    inner = derivative(derivative(t, x), x) - M ** 2 * t
    left = torch.zeros(1, 1)
    right = torch.ones(1, 1, requires_grad=True)
    return inner.pow(2).mean(), (model(left) - 1).pow(2).mean(), derivative(model(right), right).pow(2).mean()


torch.manual_seed(3)
model = Fin()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2000)
grid = torch.linspace(0, 1, 101)[:, None]
exact = torch.cosh(M * (1 - grid)) / math.cosh(M)
for step in range(2001):
    inner, base, tip = residuals(model)
    loss = inner + 20 * base + tip
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 200 == 0:
        with torch.no_grad():
            err = (model(grid) - exact).abs().max().item()
        print(f"step {step:4d}  residual {inner.item():.5f}  base {base.item():.2e}  tip {tip.item():.2e}  max error {err:.4f}")
