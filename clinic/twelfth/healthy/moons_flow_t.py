"""Density of the two moons with a RealNVP flow (affine couplings); reports the log-likelihood in nats."""
import math

import torch
from sklearn.datasets import make_moons
from torch import nn


class Coupling(nn.Module):
    def __init__(self, flip, hidden=48):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, n=6):
        super().__init__()
        self.parts = nn.ModuleList(Coupling(bool(k % 2)) for k in range(n))

    def log_prob(self, x):
        logdet = 0.0
        for part in self.parts:
            x, ld = part(x)
            logdet = logdet + ld
        return logdet - 0.5 * x.pow(2).sum(1) - math.log(2 * math.pi)


torch.manual_seed(9)
raw = make_moons(3000, noise=0.05, random_state=9)[0]
data = torch.tensor((raw - raw.mean(0)) / raw.std(0), dtype=torch.float32)
train, test = data[:2500], data[2500:]
gauss = torch.distributions.MultivariateNormal(train.mean(0), torch.cov(train.T))
print(f"a single Gaussian: {gauss.log_prob(test).mean().item():.3f} nats")
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 24, eta_min=1e-4)
for epoch in range(1, 25):
    total = 0.0
    for idx in torch.randperm(2500).split(125):
        loss = -flow.log_prob(train[idx]).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        opt.step()
        total += loss.item() / 20
    sched.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            ll = flow.log_prob(test).mean().item()
        print(f"epoch {epoch:2d}  training loss {total:+.3f}  test log-likelihood {ll:+.3f}")
