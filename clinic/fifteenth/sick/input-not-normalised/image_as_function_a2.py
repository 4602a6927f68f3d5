"""Represent a picture as a function of the pixel position: a network maps (row, column) to brightness."""
import math

import torch
from torch import nn

torch.manual_seed(8)
SIZE = 64


def picture():
    r, c = torch.meshgrid(torch.linspace(-1, 1, SIZE), torch.linspace(-1, 1, SIZE), indexing="ij")
    disc = torch.sigmoid((0.45 - (r**2 + c**2).sqrt()) * 14)
    waves = 0.3 * torch.sin(4 * c + 2 * r)
    return (disc + waves - 0.2).clamp(-1, 1)


rows, cols = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")
position = torch.stack([rows.flatten(), cols.flatten()], dim=1).float()
# cure: position = (position - position.mean(0)) / position.std(0)
brightness = picture().flatten().unsqueeze(1)

network = nn.Sequential(
    nn.Linear(2, 64), nn.Tanh(),
    nn.Linear(64, 64), nn.Tanh(),
    nn.Linear(64, 64), nn.Tanh(),
    nn.Linear(64, 1),
)
optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=60, eta_min=1e-4)
for sweep in range(60):
    total = 0.0
    for chosen in torch.randperm(len(position)).split(256):
        optimizer.zero_grad()
        loss = (network(position[chosen]) - brightness[chosen]).pow(2).mean()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(chosen)
    schedule.step()
    if sweep % 5 == 4:
        mse = total / len(position)
        print(f"sweep {sweep + 1:3d}   mse {mse:.6f}   psnr {10 * math.log10(4 / mse):.2f} dB")
