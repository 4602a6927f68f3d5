"""A GAN whose generator learns a ring of points; the two losses are meant to hover, the distance to the ring is what counts."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


def real(n):
    a = torch.rand(n) * 6.2832
    return torch.stack([a.cos(), a.sin()], 1) * 1.4 + 0.05 * torch.randn(n, 2)


G = nn.Sequential(nn.Linear(4, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.99))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))

for step in range(1, 2001):
    x, fake = real(128), G(torch.randn(128, 4))
    loss_d = F.softplus(-D(x)).mean() + F.softplus(D(fake.detach())).mean()
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()

    loss_g = F.softplus(-D(fake)).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if step % 200 == 0:
        with torch.no_grad():
            s = G(torch.randn(1000, 4))
        off = (s.norm(dim=1) - 1.4).abs().mean().item()
        sectors = ((torch.atan2(s[:, 1], s[:, 0]) + 3.1416) / 6.2832 * 8).long().clamp(0, 7).bincount(minlength=8) / 1000
        print(f"step {step}: D {loss_d.item():.3f} G {loss_g.item():.3f} distance to the ring {off:.3f} smallest sector {sectors.min():.3f}")
