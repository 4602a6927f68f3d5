"""Wasserstein GAN with gradient penalty for points on a ring; critic and generator take turns."""
import torch
from torch import nn

torch.manual_seed(0)


def real(n):
    angle = torch.rand(n, 1) * 6.2832
    return torch.cat([angle.cos(), angle.sin()], 1) * (1 + 0.05 * torch.randn(n, 1))


def mlp(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, 48), nn.LeakyReLU(0.2), nn.Linear(48, 48), nn.LeakyReLU(0.2), nn.Linear(48, n_out))


gen, critic = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(gen.parameters(), lr=8e-4, betas=(0.5, 0.9))
opt_c = torch.optim.Adam(critic.parameters(), lr=1e-3, betas=(0.5, 0.9))
for it in range(1, 1201):
    for _ in range(4):
        x, fake = real(128), gen(torch.randn(128, 4)).detach()
        mix = torch.lerp(x, fake, torch.rand(128, 1)).requires_grad_()
        slope, = torch.autograd.grad(critic(mix).sum(), mix, create_graph=True)
        gap = critic(fake).mean() - critic(x).mean()
        loss_c = gap + 2.0 * (slope.norm(dim=1) - 1).pow(2).mean()
        opt_c.zero_grad()
        loss_c.backward()
        opt_c.step()
    loss_g = -critic(gen(torch.randn(128, 4))).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if it % 150 == 0:
        with torch.no_grad():
            r = gen(torch.randn(1000, 4)).norm(dim=1)
        print(f"step {it}: critic {loss_c.item():.4f} generator {loss_g.item():.4f} radius {r.mean():.3f} +- {r.std():.3f}")
