"""A coordinate network that stores a picture of rings and waves: position in, brightness out; held-out pixels check it."""

import math

import torch
from torch import nn

torch.manual_seed(4)
SIDE = 72

u, v = torch.meshgrid(torch.linspace(-1, 1, SIDE), torch.linspace(-1, 1, SIDE), indexing="ij")
picture = 0.6 * torch.sin(9 * (u**2 + v**2).sqrt()) + 0.4 * torch.cos(5 * u + 3 * v)
position = torch.stack([u.flatten(), v.flatten()], 1)
brightness = picture.flatten()[:, None]


class Waves(nn.Module):
    """Sines and cosines of the position at several octaves."""

    def __init__(self, octaves):
        super().__init__()
        self.register_buffer("factors", math.pi * 2.0 ** torch.arange(octaves))

    def forward(self, p):
        angles = (p[:, :, None] * self.factors).flatten(1)
        return torch.cat([p, angles.sin(), angles.cos()], 1)


net = nn.Sequential(Waves(2), nn.Linear(10, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1))
order = torch.randperm(SIDE * SIDE)
seen, held_out = order[:4400], order[4400:]
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
strength = 1e-2  # cure: strength = 1e-7

for epoch in range(30):
    total = 0.0
    for chunk in seen[torch.randperm(len(seen))].split(128):
        error = nn.functional.mse_loss(net(position[chunk]), brightness[chunk])
        sparsity = sum(p.abs().sum() for p in net.parameters())
        optimizer.zero_grad()
        (error + strength * sparsity).backward()
        optimizer.step()
        total += error.item() * len(chunk)
    if epoch % 5 == 4:
        with torch.no_grad():
            check = nn.functional.mse_loss(net(position[held_out]), brightness[held_out]).item()
        print(f"epoch {epoch + 1:2d}  error {total / len(seen):.4f}  held out {check:.4f}")
print(f"variance of the picture {brightness.var():.4f}")
