"""Density of correlated, almost degenerate data by a normalising flow of affine couplings; negative log-likelihood in nats."""
import math

import torch
import torch.nn as nn

torch.manual_seed(1)


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, depth=6):
        super().__init__()
        self.steps = nn.ModuleList(Coupling(i % 2 == 1) for i in range(depth))

    def nll(self, x):
        volume = 0.0
        for step in self.steps:
            x, s = step(x)
            volume = volume + s
        return (0.5 * x.square().sum(1) + math.log(2 * math.pi) - volume).mean()


u = torch.randn(6000, 1)
data = torch.cat([u, 0.6 * u**2 - 0.6 + 0.02 * torch.randn(6000, 1)], 1)
data = (data - data[:5000].mean(0)) / data[:5000].std(0)
train, valid = data[:5000], data[5000:]
flow = Flow()
optimizer = torch.optim.Adam(flow.parameters(), lr=2e-3)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=45 * 40)
for epoch in range(1, 46):
    total = 0.0
    for batch in train[torch.randperm(5000)].split(125):
        loss = flow.nll(batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        total += loss.item() / 40
    if epoch % 5 == 0:
        with torch.no_grad():
            print(f"epoch {epoch:2d}  train nll {total:.4f}  valid nll {flow.nll(valid).item():.4f}")
