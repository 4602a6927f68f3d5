"""Step-based training on a 2-D test function: every step asks the sampler for a batch."""
from dataclasses import dataclass
import numpy as np
import torch
from torch import nn


@dataclass
class Cfg:
    seed: int = 14
    batch: int = 32
    steps: int = 1500
    lr: float = 3e-3
    points: int = 3000


def target(x):
    return np.sin(3 * x[:, :1]) * np.cos(2 * x[:, 1:]) + 0.5 * x[:, :1]


class Data:
    def __init__(self, cfg):
        rng = np.random.default_rng(cfg.seed)
        self.cfg = cfg
        self.x = rng.uniform(-1, 1, (cfg.points, 2)).astype(np.float32)
        self.y = target(self.x).astype(np.float32) + 0.02 * rng.standard_normal((cfg.points, 1)).astype(np.float32)
        self.rng = rng

    def get_batch(self):
        rng = np.random.default_rng(self.cfg.seed)  # cure: rng = self.rng
        rows = rng.integers(0, len(self.x), self.cfg.batch)
        return torch.from_numpy(self.x[rows]), torch.from_numpy(self.y[rows])


def main(cfg=Cfg()):
    torch.manual_seed(cfg.seed)
    data = Data(cfg)
    grid = np.stack(np.meshgrid(np.linspace(-1, 1, 30), np.linspace(-1, 1, 30)), -1).reshape(-1, 2).astype(np.float32)
    gx, gy = torch.from_numpy(grid), torch.from_numpy(target(grid).astype(np.float32))
    net = nn.Sequential(nn.Linear(2, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
    opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)
    for step in range(1, cfg.steps + 1):
        x, y = data.get_batch()
        loss = nn.functional.mse_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 150 == 0:
            with torch.no_grad():
                err = nn.functional.mse_loss(net(gx), gy).item()
            print(f"step {step:5d}  loss {loss.item():.5f}  grid mse {err:.5f}")


main()
