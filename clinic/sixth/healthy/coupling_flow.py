"""Normalising flow (affine couplings) for a narrow two-dimensional density; reports log-likelihood per point."""
import math
import torch
import torch.nn as nn

torch.manual_seed(12)


class Coupling(nn.Module):
    def __init__(self, flip, hidden=32):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s)
        b = b * torch.exp(s) + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, n=4):
        super().__init__()
        self.parts = nn.ModuleList(Coupling(k % 2 == 1) for k in range(n))

    def log_prob(self, x):
        total = 0
        for part in self.parts:
            x, ld = part(x)
            total = total + ld
        return total - 0.5 * x.square().sum(1) - math.log(2 * math.pi)


def banana(n):
    a = 0.4 * torch.randn(n)
    return torch.stack([a, a ** 2 * 2 - 0.3 + 0.04 * torch.randn(n)], 1)


flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 600)
test = banana(2000)
for step in range(1, 601):
    nll = -flow.log_prob(banana(256)).mean()
    opt.zero_grad()
    nll.backward()
    opt.step()
    sched.step()
    if step % 60 == 0:
        with torch.no_grad():
            print(f"step {step}: train nll {nll.item():.4f} test log-likelihood {flow.log_prob(test).mean().item():.4f}")
