"""A GAN that learns a ring of six Gaussians; we print how much of the ring the generator covers."""
import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(51)
ANGLES = torch.arange(6) * math.pi / 3
CENTRES = 1.5 * torch.stack([ANGLES.cos(), ANGLES.sin()], 1)


def real(n):
    return CENTRES[torch.randint(6, (n,))] + 0.12 * torch.randn(n, 2)


def coverage(points):
    dist, nearest = torch.cdist(points, CENTRES).min(1)
    good = dist < 0.4
    return good.float().mean().item(), len(nearest[good].unique())


def mlp(i, o, w=96):
    return nn.Sequential(nn.Linear(i, w), nn.LeakyReLU(0.2), nn.Linear(w, w), nn.LeakyReLU(0.2), nn.Linear(w, o))


G, D = mlp(8, 2), mlp(2, 1)
g_opt = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.99))
d_opt = torch.optim.Adam(D.parameters(), lr=5e-4, betas=(0.5, 0.99))
for step in range(1, 2001):
    x = real(128).requires_grad_(True)
    fake = G(torch.randn(128, 8))
    score = D(x)
    grad = torch.autograd.grad(score.sum(), x, create_graph=True)[0]
    d_loss = F.softplus(-score).mean() + F.softplus(D(fake.detach())).mean() + 0.2 * grad.pow(2).sum(1).mean()
    d_opt.zero_grad()
    d_loss.backward()
    d_opt.step()
    g_loss = F.softplus(-D(fake)).mean()
    g_opt.zero_grad()
    g_loss.backward()
    g_opt.step()
    if step % 200 == 0:
        with torch.no_grad():
            share, modes = coverage(G(torch.randn(1000, 8)))
        print(f"step {step}: D {d_loss.item():.3f} G {g_loss.item():.3f} on-mode {share:.2f} modes {modes}/6")
