"""Physics-informed network for u'' + 0.4 u' + 4 u = 0, u(0)=1, u'(0)=0 on [0, 3]; there is no data at all."""
import math
import torch
from torch import nn

torch.manual_seed(59)
net = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
T = 3.0


def u(t):
    return 1 + t ** 2 * net(t - 1.5)


def derivative(f, t):
    return torch.autograd.grad(f.sum(), t, create_graph=True)[0]


def exact(t):
    w = math.sqrt(4 - 0.04)
    return torch.exp(-0.2 * t) * (torch.cos(w * t) + 0.2 / w * torch.sin(w * t))


opt = torch.optim.Adam(net.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.998)
grid = torch.linspace(0, T, 200)[:, None]
for step in range(1, 2001):
    t = (torch.rand(64, 1) * T).requires_grad_(True)
    f = u(t)
    df = derivative(f, t)
    residual = derivative(df, t) + 0.4 * df + 4 * f
    loss = residual.pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 200 == 0:
        with torch.no_grad():
            err = (u(grid) - exact(grid)).abs().max().item()
        print(f"step {step}: residual {loss.item():.5f} max error {err:.4f}")
