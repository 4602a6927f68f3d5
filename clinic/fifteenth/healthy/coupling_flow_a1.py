"""A normalising flow (affine couplings) fits a thin curved density; its negative log-likelihood goes below zero."""
import math

import torch
from torch import nn

torch.manual_seed(1)


def arc(n):
    t = 2 * torch.rand(n) - 1
    return torch.stack([t, 0.8 * t ** 2 - 0.3], 1) * 0.8 + 0.03 * torch.randn(n, 2)


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x[:, :1], x[:, 1:]
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 3 * torch.tanh(s / 3)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, depth=6):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(k % 2 == 1) for k in range(depth))

    def log_prob(self, x):
        log_det = torch.zeros(len(x))
        for layer in self.layers:
            x, s = layer(x)
            log_det = log_det + s
        return -0.5 * (x ** 2).sum(1) - math.log(2 * math.pi) + log_det


train, valid = arc(4000), arc(1000)
mean, std = train.mean(0), train.std(0)
train, valid = (train - mean) / std, (valid - mean) / std
units = std.log().sum()  # the density is that of the points before they were standardised
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40)
for epoch in range(1, 41):
    total = 0.0
    for idx in torch.randperm(len(train)).split(200):
        loss = -flow.log_prob(train[idx]).mean() + units
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        opt.step()
        total += loss.item() * len(idx)
    sched.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            print(f"epoch {epoch:2d}  nll train {total / len(train):+.4f}  valid {(-flow.log_prob(valid).mean() + units).item():+.4f}")
