"""Physics-informed network for the damped oscillator u'' + 2 d u' + w^2 u = 0, u(0) = 1, u'(0) = 0."""
import math

import torch
from torch import nn

D, W0, T = 0.4, 4.0, 3.0
torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(1, 40), nn.Linear(40, 40), nn.Linear(40, 1)

    def forward(self, t):
        h = torch.tanh(self.a(4 * t / T - 2))
        h = torch.tanh(self.b(h))
        return 1 + t ** 2 * self.c(h)       # the initial conditions hold by construction


def exact(t):
    w = math.sqrt(W0 ** 2 - D ** 2)
    return torch.exp(-D * t) * (torch.cos(w * t) + D / w * torch.sin(w * t))


def residual(net, t):
    t = t.requires_grad_(True)
    u = net(t)
    du, = torch.autograd.grad(u.sum(), t, create_graph=True)
    ddu, = torch.autograd.grad(du.sum(), t, create_graph=True)
    return ddu + 2 * D * du + W0 ** 2 * u


net = Net()
grid = torch.linspace(0, T, 120)[:, None]
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.998)
for it in range(1, 1201):
    r = residual(net, grid.clone())
    weight = torch.exp(-0.8 * (1 - it / 1200) * grid)
    loss = (weight * r ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 200 == 0:
        with torch.no_grad():
            err = (net(grid) - exact(grid)).abs().max().item()
        print(f"adam {it}: residual loss {loss.item():.4f}, max error {err:.4f}")

lbfgs = torch.optim.LBFGS(net.parameters(), max_iter=300, history_size=30, line_search_fn="strong_wolfe")


def closure():
    lbfgs.zero_grad()
    out = residual(net, grid.clone()).square().mean()
    out.backward()
    return out


lbfgs.step(closure)
with torch.no_grad():
    print(f"lbfgs: max error {(net(grid) - exact(grid)).abs().max().item():.5f}")
