"""RealNVP density model of two crescents; bits go below zero because a density may exceed one."""
from dataclasses import dataclass

import torch
from sklearn.datasets import make_moons
from torch import nn


@dataclass
class Cfg:
    layers: int = 6
    hidden: int = 32
    lr: float = 2e-3
    epochs: int = 11


class Coupling(nn.Module):
    def __init__(self, side, hidden):
        super().__init__()
        self.side = side
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        keep, change = x[:, self.side:self.side + 1], x[:, 1 - self.side:2 - self.side]
        s, t = self.net(keep).chunk(2, 1)
        s = 1.5 * torch.tanh(s)
        out = change * s.exp() + t
        return torch.cat([keep, out] if self.side == 0 else [out, keep], 1), s.sum(1)


class Flow(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.steps = nn.ModuleList([Coupling(i % 2, cfg.hidden) for i in range(cfg.layers)])

    def log_prob(self, x):
        logdet = 0.0
        for s in self.steps:
            x, ld = s(x)
            logdet = logdet + ld
        return -0.5 * (x ** 2).sum(1) - 1.8379 + logdet


def points(n, seed):
    p, _ = make_moons(n, noise=0.05, random_state=seed)
    return torch.tensor((p - [0.5, 0.25]) * 0.5, dtype=torch.float32)


cfg = Cfg()
torch.manual_seed(211)
train, test = points(4000, 1), points(1000, 2)
flow = Flow(cfg)
opt = torch.optim.Adam(flow.parameters(), lr=cfg.lr)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 1e-2, epochs=cfg.epochs, steps_per_epoch=40)
for epoch in range(cfg.epochs):
    for i in torch.randperm(4000).split(100):
        loss = -flow.log_prob(train[i]).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        opt.step()
        sched.step()
    with torch.no_grad():
        print(f"epoch {epoch + 1:2d} nll {loss.item():+.4f} test nll {-flow.log_prob(test).mean():+.4f}")
