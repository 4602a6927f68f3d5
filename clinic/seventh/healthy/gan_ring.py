"""GAN for a ring of points: two optimizers, two losses that settle near log 2 instead of falling."""
import math
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(12)
G = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.9))
od = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.9))


def real(n):
    a = 2 * math.pi * torch.rand(n)
    return torch.stack([a.cos(), a.sin()], 1) * 1.3 + 0.08 * torch.randn(n, 2)


for step in range(1, 801):
    x, fake = real(128).requires_grad_(), G(torch.randn(128, 2))
    score = D(x)
    slope, = torch.autograd.grad(score.sum(), x, create_graph=True)
    d_loss = F.softplus(-score).mean() + F.softplus(D(fake.detach())).mean() + 0.3 * slope.pow(2).sum(1).mean()
    od.zero_grad()
    d_loss.backward()
    od.step()
    g_loss = F.softplus(-D(fake)).mean()
    og.zero_grad()
    g_loss.backward()
    og.step()
    if step % 80 == 0:
        with torch.no_grad():
            r = G(torch.randn(2000, 2))
        radius = r.norm(dim=1)
        cover = torch.histc(torch.atan2(r[:, 1], r[:, 0]), 12, -math.pi, math.pi).gt(50).sum().item()
        print(f"step {step} D {d_loss.item():.3f} G {g_loss.item():.3f} radius {radius.mean().item():.2f}+-{radius.std().item():.2f} sectors covered {cover}/12")
