"""Learns to step the Lorenz system from recorded tracks by comparing whole runs of the network with the record."""

import torch
from torch import nn

HORIZON = 40  # cure: HORIZON = 3


def slope(p):
    x, y, z = p.unbind(-1)
    return torch.stack([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z], -1)


def record(n, steps, dt=0.01, every=8):
    p = torch.randn(n, 3) * 5 + torch.tensor([0.0, 0.0, 25.0])
    kept = []
    for i in range(100 + steps * every):
        half = p + dt / 2 * slope(p)
        p = p + dt * slope(half)
        if i >= 100 and i % every == 0:
            kept.append(p)
    return (torch.stack(kept, 1) - torch.tensor([0.0, 0.0, 24.0])) / torch.tensor([8.0, 9.0, 9.0])


class Stepper(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.change = nn.Sequential(
            nn.Linear(3, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 3)
        )

    def forward(self, p, steps):
        run = []
        for _ in range(steps):
            p = p + 0.5 * self.change(p)
            run.append(p)
        return torch.stack(run, 1)


torch.manual_seed(139)
tracks, test = record(64, 101), record(32, 21)
stepper = Stepper()
optimizer = torch.optim.SGD(stepper.parameters(), lr=0.02, momentum=0.9)
for step in range(1, 401):
    track = torch.randint(64, (48,))
    start = torch.randint(101 - HORIZON, (48, 1))
    pieces = tracks[track[:, None], start + torch.arange(HORIZON + 1)]
    loss = nn.functional.mse_loss(stepper(pieces[:, 0], HORIZON), pieces[:, 1:])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 25 == 0:
        with torch.no_grad():
            ahead = nn.functional.mse_loss(
                stepper(test[:, :-1].flatten(0, 1), 1)[:, 0], test[:, 1:].flatten(0, 1)
            ).item()
        print(f"step {step:3d}: loss {loss.item():.4g}, one step ahead {ahead:.4g}")
