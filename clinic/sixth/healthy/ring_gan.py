"""GAN on a noisy ring of points; watched by the radius and the angular coverage of the samples."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(4)


def real(n):
    a = 2 * math.pi * torch.rand(n, 1)
    r = 1 + 0.05 * torch.randn(n, 1)
    return torch.cat([r * a.cos(), r * a.sin()], 1)


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, o))


G, D = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.9))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.9))


def coverage(pts):
    sector = ((torch.atan2(pts[:, 1], pts[:, 0]) + math.pi) / (2 * math.pi) * 16).long().clamp(max=15)
    return (torch.bincount(sector, minlength=16) > len(pts) / 64).float().mean().item()


for step in range(1, 1101):
    x = real(128)
    fake = G(torch.randn(128, 4))
    x.requires_grad_(True)
    dr = D(x)
    penalty = torch.autograd.grad(dr.sum(), x, create_graph=True)[0].square().sum(1).mean()
    loss_d = F.softplus(-dr).mean() + F.softplus(D(fake.detach())).mean() + 0.1 * penalty
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()

    loss_g = F.softplus(-D(fake)).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if step % 110 == 0:
        with torch.no_grad():
            s = G(torch.randn(1000, 4))
            r = s.norm(dim=1)
        print(f"step {step} D {loss_d.item():.3f} G {loss_g.item():.3f} radius {r.mean():.3f}+-{r.std():.3f} coverage {coverage(s):.2f}")
