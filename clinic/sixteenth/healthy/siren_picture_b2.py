"""Store one grey picture in the weights of a network with sine activations (implicit representation).  Fitting these pixels
is the whole purpose; quality is given as PSNR on the pixels and on the half-pixel positions in between."""
import math

import torch
from torch import nn


def picture(xy):
    """A smooth picture, known everywhere."""
    x, y = xy.T
    rings = torch.sin(12 * (x**2 + y**2).sqrt())
    return 0.6 * rings * torch.exp(-(x**2 + y**2)) + 0.3 * torch.sin(5 * x + 2 * y)


class Sine(nn.Module):
    def __init__(self, i, o, omega, first=False):
        super().__init__()
        self.lin, self.omega = nn.Linear(i, o), omega
        bound = 1 / i if first else math.sqrt(6 / i) / omega
        nn.init.uniform_(self.lin.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(self.omega * self.lin(x))


def grid(n, offset=0.0):
    axis = (torch.arange(n) + 0.5 + offset) / n * 2 - 1
    return torch.cartesian_prod(axis, axis)


def psnr(net, xy):
    with torch.no_grad():
        mse = (net(xy).squeeze(1) - picture(xy)).square().mean().item()
    return 10 * math.log10(4 / mse)


torch.manual_seed(2)
pixels, between = grid(48), grid(47, 0.5)[: 47 * 46]
net = nn.Sequential(Sine(2, 48, 15, first=True), Sine(48, 48, 15), Sine(48, 48, 15), nn.Linear(48, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.997)
target = picture(pixels).unsqueeze(1)
for step in range(1, 801):
    loss = (net(pixels) - target).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 80 == 0:
        print(f"step {step:4d} loss {loss.item():.6f} PSNR {psnr(net, pixels):.1f} dB, between the pixels {psnr(net, between):.1f} dB")
