"""Physics-informed network for the damped oscillator x'' + 0.4 x' + 4 x = 0: Adam first, then L-BFGS."""
import math
import torch
from torch import nn

torch.manual_seed(6)
net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))
t = torch.linspace(0, 5, 80).unsqueeze(1).requires_grad_(True)
w = math.sqrt(4 - 0.04)
exact = torch.exp(-0.2 * t.detach()) * (torch.cos(w * t.detach()) + 0.2 / w * torch.sin(w * t.detach()))


def diff(a):
    return torch.autograd.grad(a.sum(), t, create_graph=True)[0]


def solution():
    """x(0) = 1 and x'(0) = 0 hold by construction."""
    return 1 + t ** 2 / 2.5 * net(t / 2.5 - 1)


def residual_loss():
    x = solution()
    v = diff(x)
    weight = torch.exp(-0.3 * t.detach())
    return (weight * (diff(v) + 0.4 * v + 4 * x) ** 2).mean()


def report(name, loss):
    err = (solution().detach() - exact).abs().max().item()
    print(f"{name:>10}  residual {loss:.6f}  largest error {err:.5f}")


adam = torch.optim.Adam(net.parameters(), lr=5e-3)
for step in range(801):
    adam.zero_grad()
    loss = residual_loss()
    loss.backward()
    adam.step()
    if step % 200 == 0:
        report(f"adam {step}", loss.item())

lbfgs = torch.optim.LBFGS(net.parameters(), max_iter=40, history_size=30, line_search_fn="strong_wolfe")


def closure():
    lbfgs.zero_grad()
    loss = residual_loss()
    loss.backward()
    return loss


for outer in range(8):
    value = lbfgs.step(closure)
    report(f"l-bfgs {outer}", value.item())
