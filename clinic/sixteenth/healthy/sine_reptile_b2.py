"""Reptile (first-order meta-learning): find weights from which five gradient steps suffice to fit a new sine wave."""
import copy

import torch
from torch import nn

torch.manual_seed(5)


def task():
    amplitude, phase = torch.rand(1) * 2 + 0.5, torch.rand(1) * 3.14
    return lambda x: amplitude * torch.sin(x + phase)


def adapt(model, f, steps, points):
    """A few plain SGD steps on one task, on a copy."""
    fast = copy.deepcopy(model)
    opt = torch.optim.SGD(fast.parameters(), lr=0.02)
    x = torch.rand(points, 1) * 8 - 4
    for _ in range(steps):
        opt.zero_grad()
        loss = (fast(x) - f(x)).square().mean()
        loss.backward()
        opt.step()
    return fast, loss.item()


def few_shot_error(model, tasks=40):
    grid = torch.linspace(-4, 4, 80).unsqueeze(1)
    total = 0.0
    for _ in range(tasks):
        f = task()
        fast, _ = adapt(model, f, steps=8, points=20)
        with torch.no_grad():
            total += (fast(grid) - f(grid)).square().mean().item() / tasks
    return total


meta = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
print(f"before: error after 8 steps on a new task {few_shot_error(meta):.3f}")
ITERATIONS = 1800
for iteration in range(ITERATIONS):
    fast, last = adapt(meta, task(), steps=8, points=40)
    rate = 0.5 * (1 - iteration / ITERATIONS)
    with torch.no_grad():
        for slow, quick in zip(meta.parameters(), fast.parameters()):
            slow.add_(quick - slow, alpha=rate)
    if (iteration + 1) % 200 == 0:
        print(f"iteration {iteration + 1:4d} inner loss of this task {last:.3f} error after 8 steps on new tasks {few_shot_error(meta):.3f}")
