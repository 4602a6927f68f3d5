"""Physics-informed network for the damped oscillator u'' + 0.4 u' + 4 u = 0, u(0) = 1, u'(0) = 0; L-BFGS, no data at all."""
import math

import torch
from torch import nn

torch.manual_seed(9)
torch.set_default_dtype(torch.float64)
t = torch.linspace(0, 6, 121).unsqueeze(1).requires_grad_(True)
net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))
optimizer = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=50, line_search_fn="strong_wolfe")


def solution(t):
    """Starts at 1 with slope 0, whatever the network says."""
    return 1 + t**2 * net(t / 3 - 1)


def exact(t):
    w = math.sqrt(4 - 0.04)
    return torch.exp(-0.2 * t) * (torch.cos(w * t) + 0.2 / w * torch.sin(w * t))


def closure():
    optimizer.zero_grad()
    u = solution(t)
    du = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
    ddu = torch.autograd.grad(du.sum(), t, create_graph=True)[0]
    loss = (ddu + 0.4 * du + 4 * u).square().mean()
    loss.backward(inputs=list(net.parameters()))
    return loss


for outer in range(1, 61):
    loss = optimizer.step(closure)
    if outer % 5 == 0:
        with torch.no_grad():
            error = (solution(t) - exact(t)).abs().max().item()
        print(f"round {outer:2d}  residual {loss.item():.3e}  largest error {error:.3e}")
