"""Normalising flow (affine coupling layers) for a narrow two-dimensional density: the negative log-likelihood is itself
negative, because the density is concentrated."""
import math

import torch
from torch import nn


class Coupling(nn.Module):
    def __init__(self, flip, width=32):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.flip(1).chunk(2, 1) if self.flip else x.chunk(2, 1)
        log_scale, shift = self.net(a).chunk(2, 1)
        log_scale = 2 * torch.tanh(log_scale / 2)
        b = b * log_scale.exp() + shift
        out = torch.cat([a, b], 1)
        return (out.flip(1) if self.flip else out), log_scale.squeeze(1)


class Flow(nn.Module):
    def __init__(self, layers=6):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(k % 2 == 1) for k in range(layers))

    def log_prob(self, x):
        total = torch.zeros(len(x))
        for layer in self.layers:
            x, log_det = layer(x)
            total = total + log_det
        return total - 0.5 * x.square().sum(1) - math.log(2 * math.pi)


def data(n):
    u = torch.randn(n)
    return torch.stack([u, 0.5 * torch.sin(2 * u) + 0.03 * torch.randn(n)], 1)


torch.manual_seed(33)
train, valid = data(8000), data(1000)
exact = 0.5 * math.log(2 * math.pi * math.e) + 0.5 * math.log(2 * math.pi * math.e * 0.03**2)
flow = Flow()
optimizer = torch.optim.Adam(flow.parameters(), lr=4e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 20)
for epoch in range(20):
    total = 0.0
    for idx in torch.randperm(len(train)).split(200):
        loss = -flow.log_prob(train[idx]).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        optimizer.step()
        total += loss.item() / 40
    scheduler.step()
    with torch.no_grad():
        held = -flow.log_prob(valid).mean()
    if epoch % 2 == 1:
        print(f"epoch {epoch + 1:2d} nll train {total:.3f} valid {held:.3f} (entropy of the data {exact:.3f})")
