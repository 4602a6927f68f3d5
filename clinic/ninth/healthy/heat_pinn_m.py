"""Physics-informed network for -u'' = f on [0, 1] with zero ends, solved by L-BFGS with a closure."""
import math

import torch
from torch import nn

torch.manual_seed(212)
torch.set_default_dtype(torch.float64)
net = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 20), nn.Tanh(), nn.Linear(20, 1))
xs = torch.linspace(0, 1, 80)[:, None].requires_grad_()
f = (math.pi ** 2 * torch.sin(math.pi * xs) + 4 * math.pi ** 2 * torch.sin(2 * math.pi * xs)).detach()
grid = torch.linspace(0, 1, 201)[:, None]
exact = torch.sin(math.pi * grid) + torch.sin(2 * math.pi * grid)


def u(x):
    return x * (1 - x) * net(2 * x - 1)


def residual():
    v = u(xs)
    d1, = torch.autograd.grad(v.sum(), xs, create_graph=True)
    d2, = torch.autograd.grad(d1.sum(), xs, create_graph=True)
    return (-d2 - f).pow(2).mean()


opt = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=15, history_size=30, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = residual()
    loss.backward()
    return loss


for round_ in range(1, 21):
    loss = opt.step(closure)
    if round_ % 2 == 0:
        with torch.no_grad():
            err = (u(grid) - exact).abs().max()
        print(f"round {round_:2d} residual {loss.item():.3e} largest error {err:.3e}")
