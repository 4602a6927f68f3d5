"""Wasserstein GAN with gradient penalty for points on a ring: the two losses drift around zero, the samples tell."""
import math

import torch
from torch import nn

torch.manual_seed(0)


def real(n):
    a = 2 * math.pi * torch.rand(n)
    return torch.stack([torch.cos(a), torch.sin(a)], 1) + 0.05 * torch.randn(n, 2)


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 48), nn.LeakyReLU(0.2), nn.Linear(48, 48), nn.LeakyReLU(0.2), nn.Linear(48, o))


gen, critic = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(gen.parameters(), lr=1e-3, betas=(0.0, 0.9))
opt_c = torch.optim.Adam(critic.parameters(), lr=2e-3, betas=(0.0, 0.9))
STEPS = 1500
schedules = [torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS, eta_min=2e-5) for o in (opt_g, opt_c)]


def penalty(a, b):
    t = torch.rand(len(a), 1)
    m = (t * a + (1 - t) * b).requires_grad_()
    g, = torch.autograd.grad(critic(m).sum(), m, create_graph=True)
    return (g.norm(dim=1) - 1).pow(2).mean()


for step in range(1, STEPS + 1):
    for _ in range(4):
        x, fake = real(96), gen(torch.randn(96, 4)).detach()
        loss_c = critic(fake).mean() - critic(x).mean() + penalty(x, fake)
        opt_c.zero_grad()
        loss_c.backward()
        opt_c.step()
    loss_g = -critic(gen(torch.randn(96, 4))).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    for s in schedules:
        s.step()
    if step % 150 == 0:
        with torch.no_grad():
            r = gen(torch.randn(2000, 4)).norm(dim=1)
        print(f"step {step}: critic {loss_c.item():+.3f} generator {loss_g.item():+.3f} "
              f"radius of samples {r.mean():.3f} +- {r.std():.3f} (data 1.00 +- 0.05)")
