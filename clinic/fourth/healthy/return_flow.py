"""Density of two dependent daily returns with a RealNVP flow that starts as the identity."""
import math

import torch
from torch import nn


class Coupling(nn.Module):
    def __init__(self, swap, hidden=48):
        super().__init__()
        self.swap = swap
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.swap:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.swap else [a, b], 1), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, depth=6):
        super().__init__()
        self.steps = nn.ModuleList(Coupling(k % 2 == 1) for k in range(depth))

    def log_prob(self, x):
        logdet = 0.0
        for step in self.steps:
            x, ld = step(x)
            logdet = logdet + ld
        return -0.5 * (x ** 2).sum(1) - math.log(2 * math.pi) + logdet


def returns(n):
    vol = (0.5 * torch.randn(n)).exp()
    a = 0.6 * vol * torch.randn(n)
    b = 0.4 * a ** 2 + 0.35 * vol * torch.randn(n) - 0.2
    return torch.stack([a, b], 1)


torch.manual_seed(13)
train, valid = returns(8000), returns(2000)
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=1e-3)
for epoch in range(14):
    total = 0.0
    for idx in torch.randperm(len(train)).split(200):
        loss = -flow.log_prob(train[idx]).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        print(f"epoch {epoch:2d}  nats {total / len(train):.4f}  valid {-flow.log_prob(valid).mean().item():.4f}")
