"""Denoising diffusion for points on a Lissajous curve: predict the noise from the noisy point and its time."""
import math
import torch
from torch import nn

torch.manual_seed(0)
T = 50
betas = torch.linspace(1e-3, 0.15, T)
alpha_bar = torch.cumprod(1 - betas, 0)


def curve(n):
    s = torch.rand(n) * 2 * math.pi
    return torch.stack([torch.sin(s), torch.sin(2 * s)], 1) * 1.3 + 0.03 * torch.randn(n, 2)


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.freqs = 2.0 ** torch.arange(4)
        self.net = nn.Sequential(nn.Linear(2 + 8, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 2))

    def forward(self, x, t):
        a = t[:, None] / T * self.freqs
        return self.net(torch.cat([x, a.sin(), a.cos()], 1))


net = Denoiser()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
schedule = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.93)  # cure: schedule = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.997)


def noisy(n):
    x0, t, eps = curve(n), torch.randint(T, (n,)), torch.randn(n, 2)
    ab = alpha_bar[t][:, None]
    return ab.sqrt() * x0 + (1 - ab).sqrt() * eps, t, eps


xv, tv, ev = noisy(3000)
for it in range(1, 801):
    x, t, eps = noisy(128)
    loss = ((net(x, t) - eps) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    schedule.step()
    if it % 100 == 0:
        with torch.no_grad():
            print(f"{it:5d} loss {loss.item():.4f}  held-out {((net(xv, tv) - ev) ** 2).mean().item():.4f}")
