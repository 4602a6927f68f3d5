"""Solve u'' + 4u = 0, u(0) = 0, u'(0) = 2 without any data: a physics-informed network, first Adam, then L-BFGS."""
import torch
from torch import nn

torch.manual_seed(4)
torch.set_default_dtype(torch.float64)
END = 3.0
net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))


def d(y, t):
    return torch.autograd.grad(y.sum(), t, create_graph=True)[0]


def u(t):
    return net(2 * t / END - 1)


def residual_loss(t):
    t = t.requires_grad_()
    y = u(t)
    zero = torch.zeros(1, 1, requires_grad=True)
    y0 = u(zero)
    physics = (d(d(y, t), t) + 4 * y).pow(2).mean()
    return physics + 10 * (y0.pow(2) + (d(y0, zero) - 2).pow(2)).sum()


def report(name, loss):
    with torch.no_grad():
        t = torch.linspace(0, END, 200).unsqueeze(1)
        print(f"{name}: residual {loss:.3e}, largest error {(u(t) - torch.sin(2 * t)).abs().max():.3e}")


adam = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(1, 1501):
    loss = residual_loss(torch.rand(64, 1) * END)
    adam.zero_grad()
    loss.backward()
    adam.step()
    if step % 250 == 0:
        report(f"adam step {step}", loss.item())

grid = torch.linspace(0, END, 100).unsqueeze(1)
lbfgs = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=50, history_size=30, line_search_fn="strong_wolfe")


def closure():
    lbfgs.zero_grad()
    loss = residual_loss(grid.clone())
    loss.backward()
    return loss


for round_ in range(1, 7):
    loss = lbfgs.step(closure)
    report(f"l-bfgs round {round_}", loss.item())
