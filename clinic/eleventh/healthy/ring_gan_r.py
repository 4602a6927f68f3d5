"""A small GAN that learns a ring-shaped density; the spread of radii and angles is reported beside the two losses."""
import math
import torch
from torch import nn
from torch.nn.functional import softplus

torch.manual_seed(1)


def ring(n):
    phi = 2 * math.pi * torch.rand(n)
    r = 1 + 0.08 * torch.randn(n)
    return torch.stack([r * phi.cos(), r * phi.sin()], 1)


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, o))


G, D = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.9))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.9))
gs = ds = 0.0
for step in range(1, 1201):
    real = ring(128).requires_grad_(True)
    fake = G(torch.randn(128, 4))
    out = D(real)
    (slope,) = torch.autograd.grad(out.sum(), real, create_graph=True)
    d_loss = softplus(-out).mean() + softplus(D(fake.detach())).mean() + 0.1 * slope.square().sum(1).mean()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()

    g_loss = softplus(-D(fake)).mean()
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    gs, ds = gs + g_loss.item() / 200, ds + d_loss.item() / 200
    if step % 200 == 0:
        with torch.no_grad():
            s = G(torch.randn(2000, 4))
        r, a = s.norm(dim=1), torch.atan2(s[:, 1], s[:, 0])
        filled = (torch.histc(a, 12, -math.pi, math.pi) > 60).sum().item()
        print(f"step {step}: D {ds:.3f} G {gs:.3f} | radius {r.mean().item():.3f} +- {r.std().item():.3f}, sectors filled {filled}/12")
        gs = ds = 0.0
