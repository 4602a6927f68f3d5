"""Generative adversarial network for the joint law of two process variables that lie on a noisy ring."""
import math

import torch
from torch import nn

torch.manual_seed(5)


def real(n):
    a = 2 * math.pi * torch.rand(n)
    r = 1 + 0.1 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], dim=1)


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, o))


G, D = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.9))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.9))
softplus = nn.functional.softplus


def sliced_distance(n=2000, slices=32):
    with torch.no_grad():
        fake = G(torch.randn(n, 4))
    way = nn.functional.normalize(torch.randn(2, slices), dim=0)
    return ((fake @ way).sort(0).values - (real(n) @ way).sort(0).values).abs().mean().item()


print(f"step     0  distance {sliced_distance():.4f}")
for step in range(1, 1601):
    x, fake = real(128), G(torch.randn(128, 4))
    d_loss = softplus(-D(x)).mean() + softplus(D(fake.detach())).mean()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()

    g_loss = softplus(-D(fake)).mean()
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    if step % 200 == 0:
        print(f"step {step:5d}  D {d_loss.item():.3f}  G {g_loss.item():.3f}  distance {sliced_distance():.4f}")
