"""Reptile meta-learning: every task is a sine with ten points, learnt in a copy, then the start moves towards the copy."""
import copy
import math

import torch
from torch import nn

torch.manual_seed(0)
INNER, SHOTS, META = 10, 10, 0.5


def sine():
    amp, phase = 0.5 + 1.5 * torch.rand(1), torch.rand(1) * math.pi
    return lambda x: amp * torch.sin(1.5 * x + phase)


def adapt(net, x, y, steps):
    opt = torch.optim.SGD(net.parameters(), lr=0.05)
    for _ in range(steps):
        loss = nn.functional.mse_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    return net


start = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
grid = torch.linspace(-2, 2, 50)[:, None]
test_tasks = [(sine(), torch.rand(SHOTS, 1) * 4 - 2) for _ in range(25)]
ITERATIONS = 1000
for it in range(ITERATIONS):
    f = sine()
    x = torch.rand(15, 1) * 4 - 2
    fast = adapt(copy.deepcopy(start), x, f(x), INNER)
    rate = META * (1 - it / ITERATIONS)
    with torch.no_grad():
        for p, q in zip(start.parameters(), fast.parameters()):
            p.lerp_(q, rate)
    if it % 100 == 99:
        errors = []
        for f, x in test_tasks:
            net = adapt(copy.deepcopy(start), x, f(x), 16)
            with torch.no_grad():
                errors.append(nn.functional.mse_loss(net(grid), f(grid)).item())
        print(f"meta step {it + 1}: error on new sines after 16 steps {sum(errors) / len(errors):.4f}")
