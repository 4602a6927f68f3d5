"""A generative adversarial network learns a ring in the plane (non-saturating loss, two optimizers)."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(7)


def real(n):
    angle = torch.rand(n) * 2 * math.pi
    radius = 1.5 + 0.1 * torch.randn(n)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1)


gen = nn.Sequential(nn.Linear(4, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
dis = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
opt_g = torch.optim.Adam(gen.parameters(), lr=1e-3, betas=(0.5, 0.9))
opt_d = torch.optim.Adam(dis.parameters(), lr=1e-3, betas=(0.5, 0.9))


@torch.no_grad()
def quality(n=2000):
    s = gen(torch.randn(n, 4))
    r = s.norm(dim=1)
    sector = ((torch.atan2(s[:, 1], s[:, 0]) + math.pi) / (2 * math.pi) * 12).long().clamp(0, 11)
    counts = torch.bincount(sector, minlength=12).float() / n
    return (r - 1.5).abs().mean().item(), counts.min().item() * 12


for step in range(1, 1601):
    x = real(128)
    fake = gen(torch.randn(128, 4))
    d_loss = F.softplus(-dis(x)).mean() + F.softplus(dis(fake.detach())).mean()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()

    g_loss = F.softplus(-dis(fake)).mean()
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    if step % 160 == 0:
        off, rarest = quality()
        print(f"step {step}: D {d_loss.item():.3f} G {g_loss.item():.3f}  distance to the ring {off:.3f}  "
              f"rarest sector {rarest:.2f}")
