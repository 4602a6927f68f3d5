"""Store one picture in the weights of a sine network (SIREN): memorising it is the purpose."""
import math

import torch
from torch import nn


class Sine(nn.Module):
    def __init__(self, n_in, n_out, omega=15.0, first=False):
        super().__init__()
        self.lin, self.omega = nn.Linear(n_in, n_out), omega
        bound = 1 / n_in if first else math.sqrt(6 / n_in) / omega
        nn.init.uniform_(self.lin.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(self.omega * self.lin(x))


torch.manual_seed(0)
SIDE = 40
axis = torch.linspace(-1, 1, SIDE)
yy, xx = torch.meshgrid(axis, axis, indexing="ij")
rings = torch.cos(14 * (xx**2 + yy**2)) * torch.exp(-(xx**2))
picture = (rings + (xx > 0.2).float() * 0.5).reshape(-1, 1)
picture = (picture - picture.mean()) / picture.abs().max()
coords = torch.stack([xx, yy], -1).reshape(-1, 2)

net = nn.Sequential(Sine(2, 64, first=True), Sine(64, 64), Sine(64, 64), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 500)
for it in range(1, 501):
    loss = (net(coords) - picture).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 50 == 0:
        print(f"iteration {it}: mse {loss.item():.2e}  psnr {-10 * math.log10(loss.item() / 4):.1f} dB")
