"""A GAN learns a ring of eight Gaussians; the share of samples near a mode and the modes found are reported."""
import math
import torch
from torch import nn

torch.manual_seed(0)
MODES = torch.stack([torch.tensor([math.cos(a), math.sin(a)]) for a in torch.arange(8) * math.pi / 4]) * 1.4


def real(n):
    return MODES[torch.randint(8, (n,))] + 0.08 * torch.randn(n, 2)


def mlp(i, o, w=96):
    return nn.Sequential(nn.Linear(i, w), nn.LeakyReLU(0.2), nn.Linear(w, w), nn.LeakyReLU(0.2), nn.Linear(w, o))


gen, disc = mlp(4, 2), mlp(2, 1)
g_opt = torch.optim.Adam(gen.parameters(), 2e-3, betas=(0.5, 0.9))
d_opt = torch.optim.Adam(disc.parameters(), 2e-3, betas=(0.5, 0.9))
softplus = nn.functional.softplus
for step in range(1, 1001):
    x = real(128).requires_grad_()
    fake = gen(torch.randn(128, 4))
    dx = disc(x)
    grad, = torch.autograd.grad(dx.sum(), x, create_graph=True)
    d_loss = softplus(-dx).mean() + softplus(disc(fake.detach())).mean() + 0.005 * grad.square().sum(1).mean()
    d_opt.zero_grad()
    d_loss.backward()
    d_opt.step()
    g_loss = softplus(-disc(gen(torch.randn(128, 4)))).mean()
    g_opt.zero_grad()
    g_loss.backward()
    g_opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            d, m = torch.cdist(gen(torch.randn(1000, 4)), MODES).min(1)
        good = d < 0.3
        print(f"{step:5d} D {d_loss.item():.3f} G {g_loss.item():.3f} near a mode {good.float().mean():.3f} modes {len(m[good].unique())}")
