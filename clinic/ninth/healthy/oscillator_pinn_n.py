"""Damped oscillator u'' + 0.4 u' + 4 u = 0, u(0) = 1, u'(0) = 0 on [0, 4], solved by a network (no data)."""
import math
import torch
from torch import nn

torch.manual_seed(2)
t = torch.linspace(0, 4, 120).unsqueeze(1).requires_grad_()
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))


def u(t):
    """Ansatz that fulfils both initial conditions exactly."""
    return 1 + (t / 2) ** 2 * net(t / 2 - 1)


def residual():
    y = u(t)
    d1, = torch.autograd.grad(y.sum(), t, create_graph=True)
    d2, = torch.autograd.grad(d1.sum(), t, create_graph=True)
    return d2 + 0.4 * d1 + 4 * y


w = math.sqrt(4 - 0.04)
exact = torch.exp(-0.2 * t) * (torch.cos(w * t) + 0.2 / w * torch.sin(w * t))
exact = exact.detach()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.998)
for it in range(1, 1401):
    opt.zero_grad()
    loss = residual().square().mean()
    loss.backward()
    opt.step()
    sched.step()
    if it % 100 == 0:
        err = (u(t) - exact).abs().max().item()
        print(f"iteration {it}: residual {loss.item():.5f} largest error {err:.5f}")
