"""Stores a little grey-scale picture in a coordinate network: (row, column) -> brightness,
with Fourier features in front. The width follows from the bits that may be spent per pixel."""
import argparse
import math

import torch
from torch import nn

ap = argparse.ArgumentParser()
ap.add_argument("--size", type=int, default=40)
ap.add_argument("--freqs", type=int, default=24)
ap.add_argument("--bits-per-pixel", type=float, default=190.0)
ap.add_argument("--steps", type=int, default=900)
ap.add_argument("--lr", type=float, default=3e-3)
opt = ap.parse_args()
torch.manual_seed(19)


def picture(s):
    r, c = torch.meshgrid(torch.linspace(-1, 1, s), torch.linspace(-1, 1, s), indexing="ij")
    rings = 0.5 + 0.5 * torch.sin(9 * (r ** 2 + c ** 2).sqrt() * math.pi / 2)
    disc = ((r - 0.3) ** 2 + (c + 0.2) ** 2 < 0.1).float()
    stripes = (torch.sin(8 * (r + c)) > 0).float() * (c > 0.35)
    return torch.stack([r, c], -1).view(-1, 2), (0.5 * rings + 0.3 * disc + 0.2 * stripes).view(-1, 1)


class CoordinateNet(nn.Module):
    def __init__(self, hidden, freqs, layers=3):
        super().__init__()
        self.register_buffer("b", 2.0 * torch.randn(2, freqs))
        dims = [2 * freqs] + [hidden] * layers
        self.body = nn.Sequential(*[m for i, o in zip(dims, dims[1:]) for m in (nn.Linear(i, o), nn.GELU())])
        self.out = nn.Linear(hidden, 1)

    def forward(self, xy):
        p = math.pi * xy @ self.b
        return self.out(self.body(torch.cat([p.sin(), p.cos()], -1)))


def width_for(n_weights, freqs):
    """Largest hidden width whose three layers fit into n_weights."""
    h = 2
    while 2 * (h + 1) ** 2 + (2 * freqs + 5) * (h + 1) <= n_weights:
        h += 1
    return h


xy, grey = picture(opt.size)
n_pixels = xy.shape[1]  # cure: n_pixels = xy.shape[0]
net = CoordinateNet(width_for(opt.bits_per_pixel * n_pixels / 32, opt.freqs), opt.freqs)
print("weights:", sum(p.numel() for p in net.parameters()))
optim = torch.optim.Adam(net.parameters(), lr=opt.lr)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(optim, opt.steps, eta_min=opt.lr / 20)
for step in range(1, opt.steps + 1):
    rows = torch.randint(len(xy), (400,))
    loss = nn.functional.mse_loss(net(xy[rows]), grey[rows])
    optim.zero_grad()
    loss.backward()
    optim.step()
    sched.step()
    if step % 75 == 0:
        with torch.no_grad():
            mse = nn.functional.mse_loss(net(xy), grey).item()
        print(f"step {step:4d}  batch mse {loss.item():.5f}  picture PSNR {-10 * math.log10(mse):.2f} dB")
