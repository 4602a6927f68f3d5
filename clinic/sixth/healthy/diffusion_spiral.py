"""Denoising diffusion of a 2-d spiral: noise prediction; the loss has a floor, the samples get better."""
import math

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(31)
STEPS = 40
beta = torch.linspace(1e-3, 0.15, STEPS)
abar = torch.cumprod(1 - beta, 0)


def spiral(n):
    t = math.pi * (0.8 + 1.8 * torch.rand(n))
    return torch.stack([t * t.cos(), t * t.sin()], 1) / 4.5 + 0.03 * torch.randn(n, 2)


class Eps(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.time = nn.Embedding(STEPS, h)
        self.l1, self.l2, self.l3 = nn.Linear(2, h), nn.Linear(h, h), nn.Linear(h, h)
        self.out = nn.Linear(h, 2)

    def forward(self, x, t):
        h = F.silu(self.l1(x) + self.time(t))
        h = F.silu(self.l2(h) + self.time(t))
        return self.out(F.silu(self.l3(h)))


@torch.no_grad()
def generate(net, n):
    x = torch.randn(n, 2)
    for k in reversed(range(STEPS)):
        e = net(x, torch.full((n,), k))
        x = (x - beta[k] / (1 - abar[k]).sqrt() * e) / (1 - beta[k]).sqrt()
        if k:
            x = x + beta[k].sqrt() * torch.randn(n, 2)
    return x


net = Eps()
ema = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995))
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2000, eta_min=1e-4)
reference = spiral(2000)
running = 0.0
for it in range(1, 2001):
    x = spiral(256)
    t = torch.randint(STEPS, (256,))
    noise = torch.randn_like(x)
    noisy = abar[t, None].sqrt() * x + (1 - abar[t, None]).sqrt() * noise
    loss = (net(noisy, t) - noise).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    ema.update_parameters(net)
    running += loss.item()
    if it % 400 == 0:
        gap = torch.cdist(generate(ema, 500), reference).min(1).values.mean().item()
        print(f"it {it}: loss {running / 400:.4f}  mean distance of samples to the spiral {gap:.4f}")
        running = 0.0
