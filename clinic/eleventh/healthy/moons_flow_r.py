"""Density of the two moons with an affine coupling flow, trained by maximum likelihood."""
import math

import torch
import torch.nn as nn
from sklearn.datasets import make_moons


class Coupling(nn.Module):
    def __init__(self, flip, hidden=48):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.flip(1).split(1, 1) if self.flip else x.split(1, 1)
        s, m = self.net(a).split(1, 1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + m
        out = torch.cat([a, b], 1)
        return (out.flip(1) if self.flip else out), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, depth=6):
        super().__init__()
        self.steps = nn.ModuleList(Coupling(i % 2 == 1) for i in range(depth))

    def log_prob(self, x):
        logdet = 0.0
        for s in self.steps:
            x, ld = s(x)
            logdet = logdet + ld
        return logdet - 0.5 * x.square().sum(1) - math.log(2 * math.pi)


def moons(n, seed):
    x = torch.tensor(make_moons(n, noise=0.05, random_state=seed)[0], dtype=torch.float32)
    return (x - torch.tensor([0.5, 0.25])) * torch.tensor([0.6, 1.0])


if __name__ == "__main__":
    torch.manual_seed(7)
    train, test = moons(3000, 0), moons(1000, 1)
    flow = Flow()
    opt = torch.optim.Adam(flow.parameters(), lr=6e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 20, eta_min=1e-4)
    for epoch in range(1, 21):
        total = 0.0
        for b in torch.randperm(3000).split(150):
            nll = -flow.log_prob(train[b]).mean()
            opt.zero_grad()
            nll.backward()
            nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
            opt.step()
            total += nll.item() / 20
        sched.step()
        with torch.no_grad():
            test_nll = -flow.log_prob(test).mean().item()
        if epoch % 2 == 0:
            print(f"epoch {epoch:2d} train nll {total:.3f} test nll {test_nll:.3f}")
