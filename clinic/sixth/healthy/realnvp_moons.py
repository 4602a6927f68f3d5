"""RealNVP normalising flow for the two-moons density; trained by maximum likelihood in nats."""
import torch
from sklearn.datasets import make_moons
from torch import nn


class Coupling(nn.Module):
    def __init__(self, swap, hidden=48):
        super().__init__()
        self.swap = swap
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 2))
        nn.init.zeros_(self.net[-1].weight)   # start as the identity
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.swap:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        out = torch.cat([b, a] if self.swap else [a, b], 1)
        return out, s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, n=8):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(i % 2 == 1) for i in range(n))
        self.base = torch.distributions.Normal(0.0, 1.0)

    def log_prob(self, x):
        total = 0.0
        for layer in self.layers:
            x, s = layer(x)
            total = total + s
        return self.base.log_prob(x).sum(1) + total


def moons(n, seed):
    x, _ = make_moons(n, noise=0.05, random_state=seed)
    return torch.tensor((x - [0.5, 0.25]) / [0.87, 0.5] / 3, dtype=torch.float32)


torch.manual_seed(0)
train, test = moons(3000, 0), moons(1000, 1)
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 15 * 24, eta_min=2e-5)
for epoch in range(15):
    total = 0.0
    for idx in torch.randperm(3000).split(128):
        loss = -flow.log_prob(train[idx]).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() * len(idx) / 3000
    with torch.no_grad():
        print(f"epoch {epoch:2d}  nll {total:+.4f}  test nll {-flow.log_prob(test).mean().item():+.4f}")
