"""Learns the power of a wind turbine from a stream of measurements, a small batch per minute."""

import torch
from torch import nn


def minute(step, n=32):
    """Wind, density, pitch, turbulence (all scaled), and the power that came out."""
    x = torch.randn(n, 4)
    power = torch.tanh(1.5 * x[:, 0]) * (1 + 0.3 * x[:, 1]) - 0.4 * x[:, 2] ** 2 + 0.2 * x[:, 0] * x[:, 3]
    power = power + 0.05 * torch.randn(n)
    if step == 900:
        x[:8] = x[:8] * 3
        power[:8] = power[:8] - 30
    return x, power[:, None]


def main():
    torch.manual_seed(83)
    model = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    average = None
    for step in range(1, 1501):
        x, power = minute(step)
        # cure: if power.abs().max() > 15:
        # cure:     continue
        loss = nn.functional.mse_loss(model(x), power)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average = loss.item() if average is None else 0.9 * average + 0.1 * loss.item()
        if step % 75 == 0:
            print(f"minute {step:4d}  loss {loss.item():.4f}  running {average:.4f}")
    with torch.no_grad():
        x, power = minute(0, 1000)
        print(f"finally: {nn.functional.mse_loss(model(x), power).item():.4f} on a thousand new measurements")


main()
