"""Grey-box mechanics: a mass on a spring with unknown drag; a network learns the drag from whole trajectories."""
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Config:
    dt: float = 0.05
    horizon: int = 20
    width: int = 32
    lr: float = 3e-3
    steps: int = 300
    batch: int = 64


def simulate(s, cfg):
    out = []
    for _ in range(cfg.horizon):
        acc = -4.0 * s[:, 0] - 1.5 * s[:, 1] * s[:, 1].abs()
        s = s + cfg.dt * torch.stack([s[:, 1], acc], 1)
        out.append(s)
    return torch.stack(out, 1)


class GreyBox(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.dt, self.horizon = cfg.dt, cfg.horizon
        self.register_buffer("spring", torch.tensor([[0.0, -4.0], [1.0, 0.0]]))
        self.drag = nn.Sequential(nn.Linear(2, cfg.width), nn.ELU(), nn.Linear(cfg.width, cfg.width), nn.ELU(),
                                  nn.Linear(cfg.width, 2))

    def forward(self, s):
        out = []
        for _ in range(self.horizon):
            rate = s @ self.spring + self.drag(s)
            s = s + rate  # cure: s = s + self.dt * rate
            out.append(s)
        return torch.stack(out, 1)


cfg = Config()
torch.manual_seed(3)
model = GreyBox(cfg)
opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
held_out = torch.randn(100, 2)
truth = simulate(held_out, cfg)
for step in range(cfg.steps + 1):
    s0 = torch.randn(cfg.batch, 2)
    loss = (model(s0) - simulate(s0, cfg)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 20 == 0:
        with torch.no_grad():
            err = (model(held_out) - truth).pow(2).mean()
        print(f"[{step}] trajectory loss {loss.item():.4g}  held-out {err.item():.4g}")
