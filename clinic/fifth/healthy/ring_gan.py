"""GAN whose generator learns a ring of radius two; judged by the radii and angles of its samples."""
import math
import torch
import torch.nn.functional as F
from torch import nn


def real(n):
    a = 2 * math.pi * torch.rand(n)
    r = 2 + 0.1 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1)


def mlp(i, o, width=64, act=nn.LeakyReLU):
    return nn.Sequential(nn.Linear(i, width), act(0.2), nn.Linear(width, width), act(0.2), nn.Linear(width, o))


def quality(gen, n=2000):
    with torch.no_grad():
        s = gen(torch.randn(n, 4))
    radius = s.norm(dim=1)
    hist = torch.histc(torch.atan2(s[:, 1], s[:, 0]), 12, -math.pi, math.pi) / n
    return radius.mean().item(), radius.std().item(), hist.min().item() * 12


torch.manual_seed(6)
gen, disc = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(gen.parameters(), lr=5e-4, betas=(0.5, 0.99))
opt_d = torch.optim.Adam(disc.parameters(), lr=1e-3, betas=(0.5, 0.99))
steps = 1500
decay = lambda s: 1.0 if s < steps // 2 else 2 * (1 - s / steps) + 0.05
scheds = [torch.optim.lr_scheduler.LambdaLR(o, decay) for o in (opt_g, opt_d)]
for step in range(1, steps + 1):
    x = real(128)
    fake = gen(torch.randn(128, 4))
    x_in = x.requires_grad_(True)
    score = disc(x_in)
    grad, = torch.autograd.grad(score.sum(), x_in, create_graph=True)
    d_loss = F.softplus(-score).mean() + F.softplus(disc(fake.detach())).mean() + 0.1 * grad.pow(2).sum(1).mean()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()

    g_loss = F.softplus(-disc(gen(torch.randn(128, 4)))).mean()
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    for s in scheds:
        s.step()
    if step % 150 == 0:
        m, sd, low = quality(gen)
        print(f"step {step:4d} D {d_loss.item():.3f} G {g_loss.item():.3f} | radius {m:.3f} +- {sd:.3f}, thinnest sector {low:.2f}")
