"""A sine network (SIREN) that memorises a sound-like signal; first-layer frequency 30, weights drawn accordingly."""
import math
import torch
from torch import nn


class Sine(nn.Module):
    def __init__(self, i, o, w0=30.0, first=False):
        super().__init__()
        self.w0, self.lin = w0, nn.Linear(i, o)
        bound = 1 / i if first else math.sqrt(6 / i) / w0
        nn.init.uniform_(self.lin.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(self.w0 * self.lin(x))


torch.manual_seed(0)
t = torch.linspace(-1, 1, 1000)[:, None]
signal = torch.sin(60 * t + 8 * t ** 2) * torch.exp(-2 * t ** 2) + 0.3 * torch.sin(110 * t)
net = nn.Sequential(Sine(1, 64, first=True), Sine(64, 64), Sine(64, 64), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
between = t[:-1] + 0.001
truth = torch.sin(60 * between + 8 * between ** 2) * torch.exp(-2 * between ** 2) + 0.3 * torch.sin(110 * between)
for step in range(1, 601):
    loss = ((net(t) - signal) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        with torch.no_grad():
            off = ((net(between) - truth) ** 2).mean().item()
        print(f"step {step:3d}  mse {loss.item():.6f}  between the samples {off:.6f}")
