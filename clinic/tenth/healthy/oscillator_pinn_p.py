"""Physics-informed network for a damped oscillator u'' + 0.6 u' + 9 u = 0, u(0)=1, u'(0)=0: Adam first, then L-BFGS."""
import math
import torch
from torch import nn

torch.manual_seed(104)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
C, K, T = 0.6, 9.0, 3.0
W = math.sqrt(K - (C / 2) ** 2)


def d(u, t):
    return torch.autograd.grad(u.sum(), t, create_graph=True)[0]


def exact(t):
    return torch.exp(-C / 2 * t) * (torch.cos(W * t) + C / (2 * W) * torch.sin(W * t))


def model(t):
    return net(t / T * 2 - 1)


def loss_fn(t):
    t0 = torch.zeros(1, 1, requires_grad=True)
    u0 = model(t0)
    u = model(t)
    ut = d(u, t)
    res = d(ut, t) + C * ut + K * u
    return 100 * ((u0 - 1) ** 2).mean() + 10 * (d(u0, t0) ** 2).mean() + res.square().mean()


def error():
    t = torch.linspace(0, T, 200)[:, None]
    with torch.no_grad():
        return (model(t) - exact(t)).square().mean().sqrt().item()


adam = torch.optim.Adam(net.parameters(), lr=4e-3)
for it in range(1, 601):
    t = (torch.rand(100, 1) * T).requires_grad_()
    loss = loss_fn(t)
    adam.zero_grad()
    loss.backward()
    adam.step()
    if it % 150 == 0:
        print(f"adam {it}: loss {loss.item():.4f} rmse to the exact solution {error():.4f}")

grid = torch.linspace(0, T, 150)[:, None].requires_grad_()
lbfgs = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=30, line_search_fn="strong_wolfe")


def closure():
    lbfgs.zero_grad()
    loss = loss_fn(grid)
    loss.backward()
    return loss


for it in range(1, 13):
    loss = lbfgs.step(closure)
    if it % 3 == 0:
        print(f"lbfgs {it}: loss {loss.item():.5f} rmse to the exact solution {error():.5f}")
