"""A small GAN (non-saturating loss, R1 penalty) for points on a ring; the losses hover, the radius tells."""
import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(2)


def real(n):
    a = 2 * math.pi * torch.rand(n, 1)
    return (1 + 0.05 * torch.randn(n, 1)) * torch.cat([a.cos(), a.sin()], 1)


def mlp(i, o, h=64):
    return nn.Sequential(nn.Linear(i, h), nn.LeakyReLU(0.2), nn.Linear(h, h), nn.LeakyReLU(0.2), nn.Linear(h, o))


G, D = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))


def report(step, ld, lg):
    with torch.no_grad():
        s = G(torch.randn(2000, 4))
    r = s.norm(dim=1)
    sector = torch.histc(torch.atan2(s[:, 1], s[:, 0]), 12, -math.pi, math.pi) / 2000
    print(f"step {step:4d} D {ld:.3f} G {lg:.3f} | radius {r.mean():.3f} +- {r.std():.3f} thinnest sector {sector.min():.3f} (1/12 = 0.083)")


for step in range(1, 1201):
    x = real(128).requires_grad_(True)
    fake = G(torch.randn(128, 4))
    score = D(x)
    grad, = torch.autograd.grad(score.sum(), x, create_graph=True)
    loss_d = F.softplus(-score).mean() + F.softplus(D(fake.detach())).mean() + 0.1 * grad.square().sum(1).mean()
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()
    loss_g = F.softplus(-D(fake)).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if step % 120 == 0:
        report(step, loss_d.item(), loss_g.item())
