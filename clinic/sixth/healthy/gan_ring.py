"""GAN for eight Gaussians on a ring; reports how many modes the generator covers."""
import math

import torch
from torch import nn
from torch.nn.functional import softplus

torch.manual_seed(5)
ANG = torch.arange(8) * 2 * math.pi / 8
CENTRES = torch.stack([ANG.cos(), ANG.sin()], 1) * 1.5


def real(n):
    return CENTRES[torch.randint(8, (n,))] + 0.12 * torch.randn(n, 2)


def mlp(i, o, h=64):
    return nn.Sequential(nn.Linear(i, h), nn.LeakyReLU(0.2), nn.Linear(h, h), nn.LeakyReLU(0.2), nn.Linear(h, o))


G, D = mlp(8, 2), mlp(2, 1)
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))


@torch.no_grad()
def quality(n=2000):
    s = G(torch.randn(n, 8))
    d, k = torch.cdist(s, CENTRES).min(1)
    good = d < 0.4
    return len(set(k[good].tolist())), good.float().mean().item()


for it in range(1, 1501):
    x = real(128).requires_grad_(True)
    fake = G(torch.randn(128, 8)).detach()
    score = D(x)
    grad, = torch.autograd.grad(score.sum(), x, create_graph=True)
    loss_d = softplus(-score).mean() + softplus(D(fake)).mean() + 0.05 * grad.square().sum(1).mean()
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()

    for p in D.parameters():
        p.requires_grad_(False)
    loss_g = softplus(-D(G(torch.randn(128, 8)))).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    for p in D.parameters():
        p.requires_grad_(True)
    if it % 250 == 0:
        modes, share = quality()
        print(f"it {it}: loss_d {loss_d.item():.3f} loss_g {loss_g.item():.3f} modes {modes}/8 near a mode {share:.2f}")
