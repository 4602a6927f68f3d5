"""Fits a chirp with a sine-activated network (an implicit representation of a sound)."""
from dataclasses import dataclass, field

import torch
from torch import nn


@dataclass
class Setup:
    hidden: int = 64
    omega: float = 12.0
    lr: float = 1e-2  # cure: lr: float = 1e-3
    epochs: int = 400
    history: list = field(default_factory=list)


class Sine(nn.Module):
    def __init__(self, n_in, n_out, omega, first=False):
        super().__init__()
        self.omega, self.lin = omega, nn.Linear(n_in, n_out)
        bound = 1 / n_in if first else (6 / n_in) ** 0.5 / omega
        nn.init.uniform_(self.lin.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(self.omega * self.lin(x))


def chirp(t):
    return torch.sin(10 * t * (1.5 + t)) * torch.exp(-0.5 * t.abs())


def fit(cfg):
    torch.manual_seed(72)
    t = torch.linspace(-1, 1, 512)[:, None]
    y = chirp(t)
    net = nn.Sequential(Sine(1, cfg.hidden, cfg.omega, True), Sine(cfg.hidden, cfg.hidden, cfg.omega),
                        nn.Linear(cfg.hidden, 1))
    opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        total = 0.0
        for i in torch.randperm(512).split(128):
            loss = (net(t[i]) - y[i]).pow(2).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / 4
        cfg.history.append(total)
        if epoch % 20 == 19:
            recent = cfg.history[-20:]
            print(f"epoch {epoch + 1}: loss {total:.5f} (last 20: {min(recent):.5f} .. {max(recent):.5f})")
    return net


fit(Setup())
