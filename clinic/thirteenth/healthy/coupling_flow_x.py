"""Affine coupling flow on a narrow curved density: the negative log-likelihood goes below zero."""
import torch
from torch import nn
from torch.utils.data import DataLoader


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
        nn.init.zeros_(self.net[-1].weight)     # starts as the identity
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.flip(1).chunk(2, 1) if self.flip else x.chunk(2, 1)
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s / 2)
        out = torch.cat([a, b * s.exp() + t], 1)
        return (out.flip(1) if self.flip else out), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, depth=6):
        super().__init__()
        self.parts = nn.ModuleList(Coupling(k % 2 == 1) for k in range(depth))

    def log_prob(self, x):
        total = 0.0
        for part in self.parts:
            x, s = part(x)
            total = total + s
        return total - 0.5 * (x ** 2 + 1.8379).sum(1)


def banana(n):
    u = torch.randn(n)
    return torch.stack([u, 0.5 * u ** 2 - 0.5 + 0.025 * torch.randn(n)], 1)


torch.manual_seed(1)
train, valid = banana(4000), banana(1000)
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 30)
for epoch in range(30):
    for x in DataLoader(train, batch_size=100, shuffle=True):
        loss = -flow.log_prob(x).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        opt.step()
    sched.step()
    with torch.no_grad():
        print(f"epoch {epoch:2d} nll train {-flow.log_prob(train).mean():+.4f} valid {-flow.log_prob(valid).mean():+.4f}")
