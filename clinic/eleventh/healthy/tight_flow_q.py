"""Coupling flow for a narrow curved density: the negative log-likelihood falls well below zero."""
import math

import torch
import torch.nn as nn

torch.manual_seed(9)


def sample(n):
    u = torch.rand(n) * 2 - 1
    return torch.stack([u + 0.02 * torch.randn(n), 0.6 * u ** 2 + 0.02 * torch.randn(n)], 1) * 0.5


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        s, t = self.net(a).chunk(2, 1)
        s = 3 * torch.tanh(s / 3)
        b = b * s.exp() + t
        return (torch.cat([b, a], 1) if self.flip else torch.cat([a, b], 1)), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, layers=6):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(i % 2 == 1) for i in range(layers))

    def log_prob(self, x):
        logdet = 0
        for layer in self.layers:
            x, s = layer(x)
            logdet = logdet + s
        return logdet - 0.5 * x.pow(2).sum(1) - math.log(2 * math.pi)


flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 800, eta_min=1e-4)
held = sample(2000)
for step in range(1, 801):
    loss = -flow.log_prob(sample(128)).mean()
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
    opt.step()
    sched.step()
    if step % 80 == 0:
        with torch.no_grad():
            print(f"step {step} train nll {loss.item():.3f} held-out nll {-flow.log_prob(held).mean().item():.3f}")
