"""Physics-informed network: damped oscillator u'' + 0.4 u' + 4 u = 0, u(0)=1, u'(0)=0; no data at all."""
import math
import torch
from torch import nn

torch.manual_seed(4)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9985)
END = 3.0


def u(t):
    return 1 + t ** 2 * net(2 * t / END - 1)


def exact(t):
    w = math.sqrt(4 - 0.04)
    return torch.exp(-0.2 * t) * (torch.cos(w * t) + 0.2 / w * torch.sin(w * t))


grid = torch.linspace(0, END, 101)[:, None]
for step in range(1, 1001):
    t = (END * torch.rand(64, 1)).requires_grad_()
    y = u(t)
    dy, = torch.autograd.grad(y.sum(), t, create_graph=True)
    ddy, = torch.autograd.grad(dy.sum(), t, create_graph=True)
    loss = (ddy + 0.4 * dy + 4 * y).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 100 == 0:
        with torch.no_grad():
            err = (u(grid) - exact(grid)).abs().max().item()
        print(f"step {step} residual {loss.item():.5f} largest error {err:.4f}")
