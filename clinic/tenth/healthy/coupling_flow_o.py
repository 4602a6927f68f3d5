"""Density of two moons with a coupling flow; the printed loss (negative log density of tight data) may go below zero."""
import math
import torch
from sklearn.datasets import make_moons
from torch import nn


class Coupling(nn.Module):
    def __init__(self, swap):
        super().__init__()
        self.swap = swap
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.unbind(1)
        if self.swap:
            a, b = b, a
        s, t = self.net(a[:, None]).unbind(1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        return torch.stack([b, a] if self.swap else [a, b], 1), s


class Flow(nn.Module):
    def __init__(self, n=6):
        super().__init__()
        self.parts = nn.ModuleList(Coupling(i % 2 == 1) for i in range(n))

    def log_prob(self, x):
        total = 0
        for part in self.parts:
            x, s = part(x)
            total = total + s
        return total - 0.5 * (x ** 2).sum(1) - math.log(2 * math.pi)


torch.manual_seed(4)
pts, _ = make_moons(2500, noise=0.05, random_state=4)
pts = torch.tensor(pts - pts.mean(0), dtype=torch.float32) * 0.5
train, test = pts[:2000], pts[2000:]
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=3e-3)
for epoch in range(14):
    for idx in torch.randperm(2000).split(125):
        loss = -flow.log_prob(train[idx]).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        opt.step()
    if epoch % 2:
        with torch.no_grad():
            print(f"epoch {epoch + 1}: train loss {loss.item():.3f} test loss {-flow.log_prob(test).mean().item():.3f}")
