"""A relativistic GAN on a ring of two-dimensional points, with gradient penalties on real and made points. The two losses are
those of a game: they settle near log 2 and do not fall; the distance to the ring does."""
import torch
from torch import nn
from torch.nn.functional import softplus

torch.manual_seed(0)


def ring(n):
    angle = torch.rand(n) * 6.2832
    return torch.stack([angle.cos(), angle.sin()], 1) * (1 + 0.05 * torch.randn(n, 1))


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, o))


def penalty(points):
    points = points.detach().requires_grad_(True)
    slope = torch.autograd.grad(critic(points).sum(), points, create_graph=True)[0]
    return slope.square().sum(1).mean()


generator, critic = mlp(4, 2), mlp(2, 1)
g_opt = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.0, 0.9))
c_opt = torch.optim.Adam(critic.parameters(), lr=2e-3, betas=(0.0, 0.9))
schedules = [torch.optim.lr_scheduler.CosineAnnealingLR(o, 2000, 1e-4) for o in (g_opt, c_opt)]
for step in range(1, 2001):
    real, fake = ring(128), generator(torch.randn(128, 4)).detach()
    c_loss = softplus(critic(fake) - critic(real)).mean() + 0.1 * (penalty(real) + penalty(fake))
    c_opt.zero_grad()
    c_loss.backward()
    c_opt.step()
    g_loss = softplus(critic(real).detach() - critic(generator(torch.randn(128, 4)))).mean()
    g_opt.zero_grad()
    g_loss.backward()
    g_opt.step()
    for schedule in schedules:
        schedule.step()
    if step % 200 == 0:
        with torch.no_grad():
            made = generator(torch.randn(2000, 4))
            off = (made.norm(dim=1) - 1).abs().mean().item()
            share = torch.histc(torch.atan2(made[:, 1], made[:, 0]), 8, -3.1416, 3.1416) / 2000
        print(f"step {step:4d}  critic {c_loss.item():.4f}  generator {g_loss.item():.4f}  off the ring {off:.4f}  emptiest octant {share.min():.3f}")
