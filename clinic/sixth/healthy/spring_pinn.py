"""Physics-informed network for a damped spring x'' + 0.4 x' + 4 x = 0 with L-BFGS; no data but the equation."""
import math
import torch
from torch import nn

torch.manual_seed(100)
torch.set_default_dtype(torch.float64)
C, K = 0.4, 4.0
W = math.sqrt(K - C * C / 4)


def exact(t):
    return torch.exp(-C / 2 * t) * (torch.cos(W * t) + C / (2 * W) * torch.sin(W * t))


net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))
t = torch.linspace(0, 4, 80).reshape(-1, 1).requires_grad_(True)
t_test = torch.rand(200, 1) * 4


def position(t):
    return 1 + t ** 2 * net(t / 2 - 1)


def residual():
    x = position(t)
    v, = torch.autograd.grad(x.sum(), t, create_graph=True)
    a, = torch.autograd.grad(v.sum(), t, create_graph=True)
    return a + C * v + K * x


opt = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=30, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = residual().square().mean()
    loss.backward()
    return loss


for outer in range(1, 26):
    loss = opt.step(closure)
    if outer % 2 == 1:
        with torch.no_grad():
            err = (position(t_test) - exact(t_test)).abs().max()
        print(f"outer {outer:2d} residual {loss.item():.3e} largest error {err.item():.3e}")
