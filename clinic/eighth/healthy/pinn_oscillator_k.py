"""Physics-informed network for the damped oscillator u'' + 0.4 u' + 4 u = 0, u(0)=1, u'(0)=0; no data, only the equation."""
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500)


def u(t):  # initial conditions are built in
    return 1 + t ** 2 * net(t / 2 - 1)


def d(f, t):
    return torch.autograd.grad(f.sum(), t, create_graph=True)[0]


def exact(t):
    w = (4 - 0.04) ** 0.5
    return torch.exp(-0.2 * t) * (torch.cos(w * t) + 0.2 / w * torch.sin(w * t))


grid = torch.linspace(0, 4, 100)[:, None]
for it in range(1, 1501):
    t = (4 * torch.rand(64, 1)).requires_grad_()
    f = u(t)
    v = d(f, t)
    residual = (d(v, t) + 0.4 * v + 4 * f).square().mean()
    opt.zero_grad()
    residual.backward()
    opt.step()
    sched.step()
    if it % 150 == 0:
        with torch.no_grad():
            err = (u(grid) - exact(grid)).abs().max()
        print(f"iter {it} residual {residual.item():.5f} max error {err:.5f}")
