"""Constrained learning: minimise the squared error under a budget for the mean prediction, by ascent on a multiplier."""
import torch
from torch import nn

torch.manual_seed(13)


def data(n):
    x = torch.randn(n, 4)
    return x, torch.exp(0.5 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.2 * torch.randn(n)


x, y = data(3000)
x_val, y_val = data(800)
BUDGET = 0.8  # the mean of y is about 1.13
net = nn.Sequential(nn.Linear(4, 48), nn.Tanh(), nn.Linear(48, 1), nn.Flatten(0))
multiplier = torch.zeros((), requires_grad=True)
primal = torch.optim.Adam(net.parameters(), lr=5e-3)
dual = torch.optim.SGD([multiplier], lr=0.02, maximize=True)
decay = torch.optim.lr_scheduler.CosineAnnealingLR(primal, 40)
for epoch in range(1, 41):
    lagrangians, errors = [], []
    for idx in torch.randperm(len(x)).split(100):
        out = net(x[idx])
        error = ((out - y[idx]) ** 2).mean()
        excess = out.mean() - BUDGET
        lagrangian = error + multiplier * excess
        primal.zero_grad()
        dual.zero_grad()
        lagrangian.backward()
        primal.step()
        dual.step()
        with torch.no_grad():
            multiplier.clamp_(min=0.0)
        lagrangians.append(lagrangian.item())
        errors.append(error.item())
    decay.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            out, mean = net(x_val), net(x).mean()
        print(f"epoch {epoch:2d}  lagrangian {sum(lagrangians) / len(lagrangians):.4f}  error {sum(errors) / len(errors):.4f}  "
              f"multiplier {multiplier.item():.3f}  valid error {((out - y_val) ** 2).mean():.4f}  mean prediction {mean:.3f}")
