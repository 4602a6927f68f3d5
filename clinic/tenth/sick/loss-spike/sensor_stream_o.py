"""Learns from a stream of sensor chunks (temperature, pressure, flow -> output of a boiler), one pass, chunk by chunk."""
import torch
from torch import nn

torch.manual_seed(33)


def chunk(number, n=64):
    """A chunk as the logger delivers it; recorders changed from number 380 on and write millibar instead of bar."""
    t, p, f = 60 + 10 * torch.randn(n), 3 + 0.5 * torch.randn(n), 20 + 4 * torch.randn(n)
    a, b, c = (t - 60) / 10, (p - 3) / 0.5, (f - 20) / 4
    out = torch.tanh(a + b) + 0.5 * a * c + 0.05 * torch.randn(n)
    unit = 1000.0 if number >= 380 else 1.0
    return torch.stack([t, p * unit, f], 1), out, unit


MEAN, STD = torch.tensor([60.0, 3.0, 20.0]), torch.tensor([10.0, 0.5, 4.0])


def prepare(raw, unit):
    x = raw.clone()
    # cure: x[:, 1] /= unit
    return (x - MEAN) / STD


model = nn.Sequential(nn.Linear(3, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
smooth = 1.0
for number in range(500):
    raw, target, unit = chunk(number)
    x = prepare(raw, unit)
    loss = nn.functional.mse_loss(model(x).squeeze(1), target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    smooth = 0.9 * smooth + 0.1 * loss.item()
    if number % 20 == 19:
        print(f"chunk {number + 1}: loss {loss.item():.4f} smoothed {smooth:.4f}")
