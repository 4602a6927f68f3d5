"""Physics-informed network: solve u'' + 4u = 0, u(0)=1, u'(0)=0 on [0, 3] without data. Adam, then L-BFGS."""
import math
import torch
from torch import nn

torch.manual_seed(6)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
grid = torch.linspace(0, 3, 200).unsqueeze(1)
exact = torch.cos(2 * grid)


def derivative(u, t):
    return torch.autograd.grad(u.sum(), t, create_graph=True)[0]


def residual_loss(t):
    t = t.requires_grad_()
    u = net(2 * t / 3 - 1)
    du = derivative(u, t)
    ddu = derivative(du, t)
    t0 = torch.zeros(1, 1, requires_grad=True)
    u0 = net(2 * t0 / 3 - 1)
    boundary = (u0 - 1).pow(2).sum() + derivative(u0, t0).pow(2).sum()
    return (ddu + 4 * u).pow(2).mean() + 20 * boundary


def report(tag, loss):
    with torch.no_grad():
        err = (net(2 * grid / 3 - 1) - exact).abs().max().item()
    print(f"{tag}: loss {loss:.5f}, largest error {err:.4f}")


adam = torch.optim.Adam(net.parameters(), lr=5e-3)
for it in range(1, 601):
    loss = residual_loss(3 * torch.rand(64, 1))
    adam.zero_grad()
    loss.backward()
    adam.step()
    if it % 100 == 0:
        report(f"adam {it}", loss.item())

points = torch.linspace(0, 3, 100).unsqueeze(1)
lbfgs = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, line_search_fn="strong_wolfe")
for it in range(8):
    def closure():
        lbfgs.zero_grad()
        l = residual_loss(points.clone())
        l.backward()
        return l
    report(f"lbfgs {it}", lbfgs.step(closure).item())
