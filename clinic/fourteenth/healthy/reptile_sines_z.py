"""Reptile: meta-learn a start for fitting sine curves from ten points; a copy of the network learns every task."""
import copy
import torch
from torch import nn

torch.manual_seed(0)
meta = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))


def task():
    amp, phase = 0.5 + 1.5 * torch.rand(1), 3.14 * torch.rand(1)
    return lambda x: amp * torch.sin(1.5 * x + phase)


def adapt(f, steps, x):
    net = copy.deepcopy(meta)
    inner = torch.optim.SGD(net.parameters(), lr=0.03)
    for _ in range(steps):
        loss = (net(x) - f(x)).square().mean()
        inner.zero_grad()
        loss.backward()
        inner.step()
    return net


tests = [(task(), 4 * torch.rand(10, 1) - 2) for _ in range(20)]
grid = torch.linspace(-2, 2, 100)[:, None]
rounds = 1500
for r in range(1, rounds + 1):
    net = adapt(task(), 8, 4 * torch.rand(20, 1) - 2)
    with torch.no_grad():
        for p, q in zip(meta.parameters(), net.parameters()):
            p += 0.6 * (1 - r / (rounds + 100)) * (q - p)
    if r % 150 == 0:
        nets = [(adapt(f, 10, x), f) for f, x in tests]
        with torch.no_grad():
            after = sum((n(grid) - f(grid)).square().mean() for n, f in nets) / 20
            before = sum((meta(grid) - f(grid)).square().mean() for f, _ in tests) / 20
        print(f"round {r}: error before {before.item():.3f} after ten steps {after.item():.3f}")
