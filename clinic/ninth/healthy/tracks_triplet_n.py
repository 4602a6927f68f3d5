"""Metric learning: which sensor trace belongs to which device? Triplets in small groups, 1-nearest-neighbour on new devices."""
import random
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Devices:
    def __init__(self, count, seed):
        r = np.random.default_rng(seed)
        self.r, self.prof = r, r.normal(0, 1, (count, 4))

    def trace(self, k, n=32):
        t = np.linspace(0, 2 * np.pi, n)
        p = self.prof[k]
        clean = p[0] * np.sin(t) + p[1] * np.sin(2 * t) + p[2] * np.cos(2 * t) + p[3] * np.sin(3 * t)
        s = clean + 1.2 * self.r.normal() + 1.0 * self.r.normal() * t / 3 + 0.4 * self.r.normal(0, 1, n)
        return torch.tensor(s / 1.9, dtype=torch.float32)


def recall_at_1(net, dev, per=6):
    net.eval()
    lab = torch.arange(len(dev.prof)).repeat_interleave(per)
    with torch.no_grad():
        e = net(torch.stack([dev.trace(int(k)) for k in lab]))
    d = torch.cdist(e, e).fill_diagonal_(float("inf"))
    return (lab[d.argmin(1)] == lab).float().mean().item()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(32, 96), nn.LayerNorm(96), nn.ReLU(), nn.Linear(96, 16))

    def forward(self, x):
        return F.normalize(self.f(x), dim=-1)


torch.manual_seed(71)
random.seed(71)
train, new = Devices(200, 1), Devices(40, 2)
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
print(f"untrained recall@1 {recall_at_1(net, new):.3f}")
for step in range(1, 1201):
    net.train()
    ks = random.sample(range(200), 6)
    a = net(torch.stack([train.trace(k) for k in ks]))
    p = net(torch.stack([train.trace(k) for k in ks]))
    d = torch.cdist(a, p)
    hardest = d + 10 * torch.eye(6)
    loss = F.relu(0.3 + d.diagonal() - hardest.min(1).values).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(f"step {step} triplet loss {loss.item():.3f} recall@1 on new devices {recall_at_1(net, new):.3f}")
