"""A GAN for points on a noisy ring; two optimizers, non-saturating loss, quality by radius and by angle coverage."""
import math
import torch
from torch import nn

torch.manual_seed(101)
F = nn.functional


def real(n):
    a = torch.rand(n) * 2 * math.pi
    r = 1.4 + 0.08 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1)


gen = nn.Sequential(nn.Linear(4, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
disc = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
opt_g = torch.optim.Adam(gen.parameters(), lr=1e-3, betas=(0.5, 0.99))
opt_d = torch.optim.Adam(disc.parameters(), lr=1e-3, betas=(0.5, 0.99))
for step in range(1, 1601):
    x, fake = real(128), gen(torch.randn(128, 4))
    d_loss = F.softplus(-disc(x)).mean() + F.softplus(disc(fake.detach())).mean()
    if step % 4 == 0:
        xr = x.clone().requires_grad_()
        grad, = torch.autograd.grad(disc(xr).sum(), xr, create_graph=True)
        d_loss = d_loss + 0.4 * grad.square().sum(1).mean()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = F.softplus(-disc(gen(torch.randn(128, 4)))).mean()
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    if step % 200 == 0:
        with torch.no_grad():
            s = gen(torch.randn(2000, 4))
        r, ang = s.norm(dim=1), torch.atan2(s[:, 1], s[:, 0])
        cover = (torch.histc(ang, 36, -math.pi, math.pi) > 8).float().mean()
        print(f"{step}: d {d_loss.item():.3f} g {g_loss.item():.3f} | radius {r.mean():.3f} +- {r.std():.3f} (1.400 +- 0.080) | angles covered {cover:.2f}")
