"""Wasserstein GAN with gradient penalty: points on a ring of eight clusters."""
import math
import torch
from torch import nn

torch.manual_seed(0)


def mlp(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, n_out))


def real(n):
    angle = torch.randint(0, 8, (n,)) * math.pi / 4
    return torch.stack([angle.cos(), angle.sin()], 1) * 1.4 + 0.1 * torch.randn(n, 2)


generator, critic = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(generator.parameters(), lr=5e-4, betas=(0.5, 0.9))
opt_c = torch.optim.Adam(critic.parameters(), lr=5e-4, betas=(0.5, 0.9))
for step in range(1, 1001):
    for _ in range(4):
        x, fake = real(128), generator(torch.randn(128, 4)).detach()
        mix = torch.rand(128, 1)
        between = (mix * x + (1 - mix) * fake).requires_grad_()
        slope, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        penalty = 2.0 * (slope.norm(dim=1) - 1).square().mean()
        loss_c = critic(fake).mean() - critic(x).mean() + penalty
        opt_c.zero_grad()
        loss_c.backward()
        opt_c.step()
    loss_g = -critic(generator(torch.randn(128, 4))).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if step % 100 == 0:
        with torch.no_grad():
            s = generator(torch.randn(2000, 4))
            sector = ((torch.atan2(s[:, 1], s[:, 0]) + math.pi / 8) // (math.pi / 4)).long() % 8
            shares = torch.bincount(sector, minlength=8) / 2000
        print(f"step {step:4d}  critic {loss_c.item():+.3f}  generator {loss_g.item():+.3f}  "
              f"radius {s.norm(dim=1).mean():.3f}  rarest cluster {shares.min():.3f}")
