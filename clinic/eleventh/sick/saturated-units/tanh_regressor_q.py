"""Two-hidden-layer tanh network for a smooth surface, with a configurable activation slope."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn


@dataclass
class Settings:
    seed: int = 17
    width: int = 40
    temperature: float = 0.01  # cure: temperature: float = 1.0
    lr: float = 5e-3
    epochs: int = 60


class Slope(nn.Module):
    def __init__(self, temperature):
        super().__init__()
        self.temperature = temperature

    def forward(self, x):
        return torch.tanh(x / self.temperature)


def build(s: Settings):
    return nn.Sequential(nn.Linear(2, s.width), Slope(s.temperature),
                         nn.Linear(s.width, s.width), Slope(s.temperature),
                         nn.Linear(s.width, 1))


def surface(x):
    return np.sin(2.2 * x[:, 0]) * np.cos(1.4 * x[:, 1]) + 0.3 * x[:, 0]


def main(s=Settings()):
    torch.manual_seed(s.seed)
    rng = np.random.default_rng(s.seed)
    x = rng.uniform(-1.7, 1.7, (1500, 2))
    y = surface(x) + 0.02 * rng.standard_normal(1500)
    y = (y - y.mean()) / y.std()
    x, y = torch.tensor(x).float(), torch.tensor(y).float()[:, None]
    net = build(s)
    opt = torch.optim.Adam(net.parameters(), lr=s.lr)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, s.epochs, eta_min=s.lr / 20)
    for epoch in range(s.epochs):
        mean = 0.0
        for idx in torch.randperm(1200).split(50):
            loss = nn.functional.mse_loss(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            mean += loss.item() / 24
        sched.step()
        if epoch % 10 == 9:
            with torch.no_grad():
                val = nn.functional.mse_loss(net(x[1200:]), y[1200:]).item()
            print(f"epoch {epoch + 1}  train {mean:.4f}  val {val:.4f}")


main()
