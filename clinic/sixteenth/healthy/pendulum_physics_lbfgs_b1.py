"""Solve u'' + 0.4 u' + 4 u = 0, u(0) = 1, u'(0) = 0 with a network and nothing but the equation; L-BFGS with a closure."""
import math
import torch
from torch import nn

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
T = 4.0
t = torch.linspace(0, T, 120)[:, None].requires_grad_(True)


def solution(time):
    # 1 + t^2 N(t) satisfies both initial conditions for every N
    return 1 + time ** 2 * net(2 * time / T - 1)


def residual():
    u = solution(t)
    du, = torch.autograd.grad(u.sum(), t, create_graph=True)
    ddu, = torch.autograd.grad(du.sum(), t, create_graph=True)
    return (ddu + 0.4 * du + 4 * u).square().mean()


def exact(time):
    w = math.sqrt(4 - 0.04)
    return torch.exp(-0.2 * time) * (torch.cos(w * time) + 0.2 / w * torch.sin(w * time))


optimizer = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=50, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = residual()
    loss.backward()
    return loss


check = torch.rand(500, 1) * T
for round_ in range(1, 21):
    loss = optimizer.step(closure)
    if round_ % 2 == 0:
        with torch.no_grad():
            worst = (solution(check) - exact(check)).abs().max().item()
        print(f"round {round_:3d}  residual {loss.item():.3e}  largest error {worst:.3e}")
