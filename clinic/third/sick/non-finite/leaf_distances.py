"""Embeds leaves so that those of one species lie close together (pairs drawn at random, contrastive loss)."""

import torch
from torch import nn


def leaves(per_species, species=6):
    shape = torch.randn(species, 10) * 1.2
    kind = torch.arange(species).repeat(per_species)
    return shape[kind] + 0.6 * torch.randn(len(kind), 10), kind


def distance(a, b):
    return ((a - b) ** 2).sum(1).sqrt()  # cure: return ((a - b) ** 2).sum(1).clamp(min=1e-8).sqrt()


def contrastive(a, b, same, margin=1.0):
    d = distance(a, b)
    return torch.where(same, d**2, (margin - d).clamp(min=0) ** 2).mean()


def nearest_right(net, known, known_kind, asked, asked_kind):
    with torch.no_grad():
        gaps = torch.cdist(net(asked), net(known))
    return (known_kind[gaps.argmin(1)] == asked_kind).float().mean().item()


torch.manual_seed(137)
x, kind = leaves(120)
x, kind, ask_x, ask_kind = x[:600], kind[:600], x[600:], kind[600:]
net = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)

for step in range(1, 801):
    i, j = torch.randint(600, (2, 64))
    loss = contrastive(net(x[i]), net(x[j]), kind[i] == kind[j])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 80 == 0:
        print(
            f"step {step}: loss {loss.item():.4f}, nearest leaf of the right species {nearest_right(net, x, kind, ask_x, ask_kind):.3f}"
        )
