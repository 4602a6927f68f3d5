"""Reptile meta-learning on sine waves: a start from which a few steps on eight points fit a new wave. Before adaptation the
error stays as high as it was, since no network fits all waves at once; after adaptation it falls."""
import copy

import torch
from torch import nn

torch.manual_seed(13)


def wave():
    height, phase = 0.5 + 1.5 * torch.rand(()), 3.1416 * torch.rand(())
    return lambda x: height * torch.sin(2 * x + phase)


def adapt(model, f, steps, lr, points):
    x = torch.rand(points, 1) * 4 - 2
    inner = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        loss = (model(x) - f(x)).square().mean()
        inner.zero_grad()
        loss.backward()
        inner.step()
    return model


start = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
grid = torch.linspace(-2, 2, 50).unsqueeze(1)
new_waves = [wave() for _ in range(40)]
ROUNDS = 5000
for number in range(1, ROUNDS + 1):
    learner = adapt(copy.deepcopy(start), wave(), steps=6, lr=0.03, points=16)
    stride = 0.8 * (1 - number / ROUNDS) + 0.02
    with torch.no_grad():
        for p, q in zip(start.parameters(), learner.parameters()):
            p.lerp_(q, stride)
    if number % 500 == 0:
        before = after = 0.0
        for f in new_waves:
            tuned = adapt(copy.deepcopy(start), f, steps=16, lr=0.03, points=8)
            with torch.no_grad():
                before += (start(grid) - f(grid)).square().mean().item() / len(new_waves)
                after += (tuned(grid) - f(grid)).square().mean().item() / len(new_waves)
        print(f"round {number:4d}  error before adaptation {before:.4f}  after {after:.4f}")
