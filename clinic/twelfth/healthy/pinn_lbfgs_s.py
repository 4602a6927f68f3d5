"""A physics-informed network solves the damped oscillator u'' + 0.4 u' + 4 u = 0, u(0) = 1, u'(0) = 0."""
import math

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
MU, K = 0.4, 4.0
OMEGA = math.sqrt(K - MU ** 2 / 4)


def exact(t):
    return torch.exp(-MU / 2 * t) * (torch.cos(OMEGA * t) + MU / (2 * OMEGA) * torch.sin(OMEGA * t))


net = torch.nn.Sequential(torch.nn.Linear(1, 24), torch.nn.Tanh(), torch.nn.Linear(24, 24), torch.nn.Tanh(),
                          torch.nn.Linear(24, 1))
points = torch.linspace(0, 5, 80).unsqueeze(1)


def u(t):
    # the initial conditions are built in
    return 1 + (t / 2) ** 2 * net((t - 2.5) / 1.5)


def residual_loss():
    t = points.clone().requires_grad_(True)
    value = u(t)
    d1, = torch.autograd.grad(value.sum(), t, create_graph=True)
    d2, = torch.autograd.grad(d1.sum(), t, create_graph=True)
    return (d2 + MU * d1 + K * value).pow(2).mean()


optimizer = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=30, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = residual_loss()
    loss.backward()
    return loss


check = torch.linspace(0, 5, 333).unsqueeze(1)
for outer in range(1, 41):
    loss = optimizer.step(closure)
    if outer % 4 == 0:
        with torch.no_grad():
            err = (u(check) - exact(check)).abs().max().item()
        print(f"iteration {20 * outer}: residual {loss.item():.3e}, largest error of the solution {err:.2e}")
