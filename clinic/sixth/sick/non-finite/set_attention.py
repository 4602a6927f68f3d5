"""Attention pooling over sets of 0 to 12 points: regress the largest norm of the set."""
import math
import torch
from torch import nn

torch.manual_seed(21)
MAX = 12


def make_sets(n, gen):
    pts = torch.randn(n, MAX, 2, generator=gen)
    size = torch.randint(0, MAX + 1, (n,), generator=gen)
    pad = torch.arange(MAX)[None, :] >= size[:, None]
    norms = pts.norm(dim=2).masked_fill(pad, 0.0)
    return pts.masked_fill(pad[..., None], 0.0), pad, norms.max(1).values


class Pool(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.embed = nn.Sequential(nn.Linear(2, dim), nn.ReLU(), nn.Linear(dim, dim))
        self.query = nn.Parameter(torch.randn(dim) / math.sqrt(dim))
        self.key = nn.Linear(dim, dim)
        self.value = nn.Linear(dim, dim)
        self.head = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, 1))

    def forward(self, pts, pad):
        h = self.embed(pts)
        score = self.key(h) @ self.query / math.sqrt(len(self.query))
        score = score.masked_fill(pad, float("-inf"))  # cure: score = score.masked_fill(pad, -1e4)
        w = score.softmax(1)
        return self.head((w[..., None] * self.value(h)).sum(1)).squeeze(1)


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.loss = nn.MSELoss()

    def epoch(self, pts, pad, y, bs=64):
        total = 0.0
        for idx in torch.randperm(len(y)).split(bs):
            loss = self.loss(self.model(pts[idx], pad[idx]), y[idx])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        return total / len(y)

    @torch.no_grad()
    def validate(self, pts, pad, y):
        return self.loss(self.model(pts, pad), y).item()


g = torch.Generator().manual_seed(2)
train, val = make_sets(3000, g), make_sets(600, g)
t = Trainer(Pool(), 2e-3)
for e in range(20):
    tr = t.epoch(*train)
    print(f"[{e + 1:02d}] train mse {tr:.4f} | val mse {t.validate(*val):.4f}")
