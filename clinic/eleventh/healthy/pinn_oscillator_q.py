"""Physics-informed network for u'' + u = 0, u(0) = 0, u'(0) = 1 on [0, 4]: no data, only the equation."""
import torch
import torch.nn as nn

torch.manual_seed(14)


class Trial(nn.Module):
    """u(t) = t + t^2 N(t) meets the initial conditions exactly."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, t):
        return t + t ** 2 * self.net(t / 2 - 1)


def residual(u, t):
    t = t.requires_grad_()
    y = u(t)
    (dy,) = torch.autograd.grad(y.sum(), t, create_graph=True)
    (ddy,) = torch.autograd.grad(dy.sum(), t, create_graph=True)
    return ddy + y


u = Trial()
opt = torch.optim.Adam(u.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.998)
grid = torch.linspace(0, 4, 101)[:, None]
for it in range(1, 1501):
    loss = residual(u, 4 * torch.rand(64, 1)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 150 == 0:
        with torch.no_grad():
            err = (u(grid) - torch.sin(grid)).abs().max()
        print(f"iter {it:4d} residual {loss.item():.3e} largest error against sin(t) {err:.4f}")
