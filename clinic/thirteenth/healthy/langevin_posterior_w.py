"""Bayesian regression by stochastic gradient Langevin dynamics: noise joins every step, the samples are averaged."""
import torch
from torch import nn

torch.manual_seed(0)
N, NOISE = 400, 0.3
x = torch.rand(N, 2) * 4 - 2
f = lambda x: torch.sin(x[:, :1] * 1.5) + 0.4 * x[:, 1:] ** 2 - 0.5
y = f(x) + NOISE * torch.randn(N, 1)
x_test = torch.rand(500, 2) * 4 - 2

net = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))
STEPS, BURN = 6000, 3000
average, kept = torch.zeros(500, 1), 0
for k in range(1, STEPS + 1):
    rate = 4e-5 if k > 1500 else 1e-4
    i = torch.randint(N, (40,))
    energy = N * ((net(x[i]) - y[i]) ** 2).mean() / (2 * NOISE**2) + 0.5 * sum(p.pow(2).sum() for p in net.parameters())
    net.zero_grad()
    energy.backward()
    with torch.no_grad():
        for p in net.parameters():
            p.add_(-0.5 * rate * p.grad + rate**0.5 * torch.randn_like(p))
    if k > BURN and k % 20 == 0:
        with torch.no_grad():
            average += net(x_test)
            kept += 1
    if k % 600 == 0:
        with torch.no_grad():
            one = (net(x_test) - f(x_test)).pow(2).mean().sqrt()
        text = f"step {k}: energy {energy.item():.1f}, rmse of this sample {one:.3f}"
        print(text + (f", of the mean {(average / kept - f(x_test)).pow(2).mean().sqrt():.3f}" if kept else ""))
