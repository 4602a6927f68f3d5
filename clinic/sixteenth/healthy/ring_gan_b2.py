"""A GAN learns points on a ring; two players, two optimizers, so neither loss is expected to fall."""
import math

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(8)


def real(n):
    angle = torch.rand(n) * 2 * math.pi
    radius = 1 + 0.05 * torch.randn(n)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1)


G = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.9))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.9))
for step in range(1, 2001):
    x = real(128).requires_grad_(True)
    fake = G(torch.randn(128, 4))
    score = D(x)
    slope = torch.autograd.grad(score.sum(), x, create_graph=True)[0]
    loss_d = F.softplus(-score).mean() + F.softplus(D(fake.detach())).mean() + 0.05 * slope.square().sum(1).mean()
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()

    D.requires_grad_(False)
    loss_g = F.softplus(-D(fake)).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    D.requires_grad_(True)
    if step % 200 == 0:
        with torch.no_grad():
            sample = G(torch.randn(2000, 4))
            radius = sample.norm(dim=1)
            sector = ((torch.atan2(sample[:, 1], sample[:, 0]) + math.pi) / (2 * math.pi) * 8).long().clamp(max=7)
            share = torch.bincount(sector, minlength=8) / 2000
        print(f"step {step:4d} D {loss_d.item():.3f} G {loss_g.item():.3f} radius {radius.mean():.3f} +- {radius.std():.3f} "
              f"sector shares {share.min():.3f}-{share.max():.3f}")
