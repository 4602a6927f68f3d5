"""Fit a small image as a coordinate network with sine activations (SIREN style)."""
import math
import torch
from torch import nn


class SineFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, omega):
        ctx.save_for_backward(x)
        ctx.omega = omega
        return torch.sin(omega * x)

    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * ctx.omega * torch.sin(ctx.omega * x), None  # cure: return grad * ctx.omega * torch.cos(ctx.omega * x), None


class Sine(nn.Module):
    def __init__(self, omega):
        super().__init__()
        self.omega = omega

    def forward(self, x):
        return SineFn.apply(x, self.omega)


def siren(width=64, depth=2, omega=8.0):
    layers, n_in = [], 2
    for i in range(depth):
        lin = nn.Linear(n_in, width)
        bound = 1 / n_in if i == 0 else math.sqrt(6 / n_in) / omega
        nn.init.uniform_(lin.weight, -bound, bound)
        layers += [lin, Sine(omega)]
        n_in = width
    return nn.Sequential(*layers, nn.Linear(width, 1))


def picture(side=40):
    g = torch.linspace(-1, 1, side)
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    img = torch.sin(5 * xx) * torch.cos(4 * yy) + torch.exp(-8 * ((xx - .3) ** 2 + (yy + .2) ** 2))
    return torch.stack([xx, yy], -1).view(-1, 2), ((img - img.mean()) / img.std()).view(-1, 1)


torch.manual_seed(5)
xy, target = picture()
held = torch.zeros(len(xy), dtype=torch.bool)
held[torch.randperm(len(xy))[:300]] = True
train_xy, train_t = xy[~held], target[~held]
net = siren()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(60):
    acc = 0.0
    for idx in torch.randperm(len(train_xy)).split(130):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(train_xy[idx]), train_t[idx])
        loss.backward()
        opt.step()
        acc += loss.item() * len(idx)
    if epoch % 6 == 5:
        with torch.no_grad():
            v = nn.functional.mse_loss(net(xy[held]), target[held]).item()
        print(f"{epoch + 1:3d} | fit {acc / len(train_xy):.5f} | held-out pixels {v:.5f} | psnr {-10 * math.log10(v):.2f}")
