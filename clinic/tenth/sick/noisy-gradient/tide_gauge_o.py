"""Smooth curve through a very noisy gauge: random Fourier style network fitted by stochastic steps."""
import math
import torch
from torch import nn

torch.manual_seed(2)
BATCH = 1  # cure: BATCH = 128
STEPS = 2000

hours = torch.rand(4000, 1) * 24


def tide(t):
    return torch.sin(2 * math.pi * t / 12.4) + 0.4 * torch.sin(2 * math.pi * t / 6.2 + 1.0)


gauge = tide(hours) + 1.5 * torch.randn(4000, 1)
grid = torch.linspace(0, 24, 400).unsqueeze(1)
truth = tide(grid)


def features(t):
    u = t / 24 * 2 * math.pi
    return torch.cat([f(k * u) for k in range(1, 7) for f in (torch.sin, torch.cos)], 1)


net = nn.Sequential(nn.Linear(12, 64), nn.Tanh(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
mse = nn.MSELoss()
recent = []
for step in range(1, STEPS + 1):
    pick = torch.randint(0, len(hours), (BATCH,))
    loss = mse(net(features(hours[pick])), gauge[pick])
    opt.zero_grad()
    loss.backward()
    opt.step()
    recent.append(loss.item())
    if step % 200 == 0:
        with torch.no_grad():
            err = mse(net(features(grid)), truth).item()
        print(f"{step:5d}  loss {sum(recent) / len(recent):.3f}  error to true curve {err:.4f}")
        recent.clear()
