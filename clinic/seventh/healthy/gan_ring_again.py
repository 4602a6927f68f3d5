"""GAN for points on a noisy ring; two optimisers, non-saturating loss."""
import math
import torch
from torch import nn

torch.manual_seed(0)


def real(n):
    a = 2 * math.pi * torch.rand(n)
    r = 1 + 0.05 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1)


def mlp(i, o, w=48):
    return nn.Sequential(nn.Linear(i, w), nn.LeakyReLU(0.2), nn.Linear(w, w), nn.LeakyReLU(0.2), nn.Linear(w, o))


G, D = mlp(4, 2), mlp(2, 1)
og = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = nn.functional.binary_cross_entropy_with_logits
one, zero = torch.ones(128, 1), torch.zeros(128, 1)
for it in range(1, 901):
    x, fake = real(128), G(torch.randn(128, 4))
    ld = bce(D(x), 0.9 * one) + bce(D(fake.detach()), zero)
    od.zero_grad()
    ld.backward()
    od.step()

    lg = bce(D(G(torch.randn(128, 4))), one)
    og.zero_grad()
    lg.backward()
    og.step()
    if it % 100 == 0:
        with torch.no_grad():
            p = G(torch.randn(2000, 4))
        r = p.norm(dim=1)
        sector = ((torch.atan2(p[:, 1], p[:, 0]) + math.pi) / (2 * math.pi) * 12).long().clamp(0, 11)
        cover = (torch.bincount(sector, minlength=12) > 30).sum().item()
        print(f"iter {it} D {ld.item():.3f} G {lg.item():.3f} radius {r.mean():.3f} +- {r.std():.3f} sectors covered {cover}/12")
