"""Physics-informed network for a damped oscillator  u'' + 0.6 u' + 4 u = 0,  u(0)=1, u'(0)=0  (L-BFGS)."""
import math

import torch
from torch import nn

D, K = 0.6, 4.0
torch.manual_seed(2)


def exact(t):
    w = math.sqrt(K - D ** 2 / 4)
    return torch.exp(-D / 2 * t) * (torch.cos(w * t) + D / (2 * w) * torch.sin(w * t))


net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))


def u(t):
    return 1 + (t ** 2) * net(t / 2 - 1)


t_in = torch.linspace(0, 4, 120).view(-1, 1).requires_grad_(True)
optimizer = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=20, line_search_fn="strong_wolfe")


def residual():
    y = u(t_in)
    dy = torch.autograd.grad(y.sum(), t_in, create_graph=True)[0]
    ddy = torch.autograd.grad(dy.sum(), t_in, create_graph=True)[0]
    return (ddy + D * dy + K * y).pow(2).mean()


def closure():
    optimizer.zero_grad()
    loss = residual()
    loss.backward()
    return loss


grid = torch.linspace(0, 4, 333).view(-1, 1)
for round_ in range(1, 21):
    loss = optimizer.step(closure)
    if round_ % 2 == 0:
        with torch.no_grad():
            err = (u(grid) - exact(grid)).abs().max().item()
        print(f"round {round_:2d}: residual before {loss.item():.3e}, largest error {err:.2e}")
