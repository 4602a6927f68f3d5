"""Residual MLP on a two-rings-and-a-bar problem; the averaged weights are what we evaluate and ship."""
import copy
import math

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(d, d), nn.BatchNorm1d(d), nn.ReLU(), nn.Linear(d, d), nn.BatchNorm1d(d))

    def forward(self, x):
        return torch.relu(x + self.net(x))


class ResMLP(nn.Module):
    def __init__(self, n_in=2, d=48, depth=2, classes=3):
        super().__init__()
        self.stem = nn.Sequential(nn.Linear(n_in, d), nn.BatchNorm1d(d), nn.ReLU())
        self.blocks = nn.Sequential(*[Block(d) for _ in range(depth)])
        self.out = nn.Linear(d, classes)

    def forward(self, x):
        return self.out(self.blocks(self.stem(x)))


class Averaged:
    """Exponential moving average of a model."""

    def __init__(self, model, decay=0.95):
        self.model = copy.deepcopy(model).eval()
        self.decay = decay

    @torch.no_grad()
    def update(self, model):
        for mine, theirs in zip(self.model.parameters(), model.parameters()):
            mine.lerp_(theirs, 1 - self.decay)
        # cure: [mine.copy_(theirs) for mine, theirs in zip(self.model.buffers(), model.buffers())]


def sample(n, gen):
    y = torch.randint(0, 3, (n,), generator=gen)
    angle = 2 * math.pi * torch.rand(n, generator=gen)
    radius = torch.tensor([0.8, 1.6, 0.0])[y] + 0.12 * torch.randn(n, generator=gen)
    x = torch.stack([radius * angle.cos(), radius * angle.sin()], 1)
    bar = torch.stack([2.4 + 0.1 * torch.randn(n, generator=gen), 2 * torch.rand(n, generator=gen) - 1], 1)
    return torch.where((y == 2)[:, None], bar, x), y


def main():
    torch.manual_seed(3)
    gen = torch.Generator().manual_seed(3)
    x, y = sample(2400, gen)
    xv, yv = sample(800, gen)
    mean, std = x.mean(0), x.std(0)
    x, xv = (x - mean) / std, (xv - mean) / std
    model = ResMLP()
    averaged = Averaged(model)
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(10):
        for i in torch.randperm(len(x)).split(60):
            opt.zero_grad()
            loss = criterion(model(x[i]), y[i])
            loss.backward()
            opt.step()
            averaged.update(model)
        with torch.no_grad():
            logits = averaged.model(xv)
        acc = (logits.argmax(1) == yv).float().mean()
        print(f"epoch {epoch}: train {loss.item():.3f}, valid {criterion(logits, yv).item():.3f}, valid accuracy {acc.item():.3f}")


main()
