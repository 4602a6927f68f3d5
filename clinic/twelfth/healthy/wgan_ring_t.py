"""Wasserstein GAN with gradient penalty on a ring of eight Gaussians."""
import math

import torch
from torch import nn

torch.manual_seed(0)
ANGLES = torch.arange(8) * 2 * math.pi / 8
MODES = torch.stack([ANGLES.cos(), ANGLES.sin()], 1) * 1.5


def real(n):
    return MODES[torch.randint(0, 8, (n,))] + 0.1 * torch.randn(n, 2)


def mlp(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, n_out))


def penalty(critic, a, b):
    mix = torch.lerp(a, b, torch.rand(len(a), 1)).requires_grad_(True)
    (grad,) = torch.autograd.grad(critic(mix).sum(), mix, create_graph=True)
    return ((grad.norm(dim=1) - 1) ** 2).mean()


@torch.no_grad()
def coverage(gen):
    fake = gen(torch.randn(2000, 4))
    dist, nearest = torch.cdist(fake, MODES).min(1)
    good = dist < 0.4
    share = torch.bincount(nearest[good], minlength=8) / 2000
    return good.float().mean().item(), (share > 0.04).sum().item()


gen, critic = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(gen.parameters(), lr=1e-3, betas=(0.5, 0.9))
opt_c = torch.optim.Adam(critic.parameters(), lr=2e-3, betas=(0.5, 0.9))
for step in range(1, 501):
    for _ in range(3):
        x, fake = real(128), gen(torch.randn(128, 4)).detach()
        gap = critic(fake).mean() - critic(x).mean()
        loss_c = gap + penalty(critic, x, fake)
        opt_c.zero_grad()
        loss_c.backward()
        opt_c.step()
    loss_g = -critic(gen(torch.randn(128, 4))).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if step % 50 == 0:
        near, modes = coverage(gen)
        print(f"step {step:4d}  critic {loss_c.item():+.3f}  generator {loss_g.item():+.3f}  near a mode {near:.2f}  modes {modes}/8")
