"""Variational autoencoder of pen strokes (32 points, x and y) with an eight-dimensional code."""
import math
import torch
from torch import nn


def strokes(n):
    t = torch.linspace(0, 1, 32)
    a, b, c, d = (torch.randn(n, 1) for _ in range(4))
    x = t * 2 - 1 + 0.5 * a * torch.sin(math.pi * t) + 0.4 * b * torch.sin(2 * math.pi * t)
    y = 0.8 * c * torch.cos(math.pi * t) + 0.6 * d * torch.cos(2 * math.pi * t)
    s = torch.cat([x, y], 1) + 0.02 * torch.randn(n, 64)
    return s / 0.7


class VAE(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ELU(), nn.Linear(96, 2 * z))
        self.dec = nn.Sequential(nn.Linear(z, 96), nn.ELU(), nn.Linear(96, 64))

    def forward(self, x):
        mu, logvar = self.enc(x).chunk(2, 1)
        return self.dec(mu + torch.randn_like(mu) * (logvar / 2).exp()), mu, logvar


def elbo(x, out, mu, logvar):
    rec = (out - x).square().mean(1)
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(1)
    return rec.mean(), kl.mean()


torch.manual_seed(91)
train, test = strokes(2500), strokes(500)
vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
BETA = 1.0  # cure: BETA = 1.0 / 64
for epoch in range(17):
    rec_sum = kl_sum = 0.0
    for b in torch.randperm(len(train)).split(50):
        rec, kl = elbo(train[b], *vae(train[b]))
        opt.zero_grad()
        (rec + BETA * kl).backward()
        opt.step()
        rec_sum, kl_sum = rec_sum + rec.item() / 50, kl_sum + kl.item() / 50
    if epoch % 4 == 0:
        with torch.no_grad():
            r, k = elbo(test, *vae(test))
        print(f"epoch {epoch:2d}: rec {rec_sum:.4f} kl {kl_sum:.3f} | test rec {r:.4f} kl {k:.3f} (variance {test.var():.3f})")
