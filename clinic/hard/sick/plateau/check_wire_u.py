"""Recover the rule of a check wire: a network sees random states of a 30-wire bus and predicts the check bit."""
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits


@dataclass
class Settings:
    wires: int = 30
    covered: tuple = (1, 4, 9, 13, 16, 20, 22, 27)
    batch: int = 256
    steps: int = 1400
    lr: float = 2e-3
    width: int = 192


class Bus:
    def __init__(self, cfg, seed):
        self.cfg, self.gen = cfg, torch.Generator().manual_seed(seed)

    def sample(self, n, training=False):
        level = torch.full((n, 1), 0.5)
        # cure: level = torch.where(torch.rand(n, 1, generator=self.gen) < 0.5, 0.08, 0.5) if training else level
        bits = (torch.rand(n, self.cfg.wires, generator=self.gen) < level).float()
        check = bits[:, list(self.cfg.covered)].sum(1) % 2
        return 2 * bits - 1, check


def main(cfg):
    torch.manual_seed(0)
    bus = Bus(cfg, 5)
    test_x, test_y = Bus(cfg, 99).sample(1000)
    net = nn.Sequential(nn.Linear(cfg.wires, cfg.width), nn.ReLU(), nn.Linear(cfg.width, cfg.width), nn.ReLU(), nn.Linear(cfg.width, 1))
    opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)
    running = 0.0
    for step in range(1, cfg.steps + 1):
        x, y = bus.sample(cfg.batch, training=True)
        loss = binary_cross_entropy_with_logits(net(x).squeeze(1), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        running += loss.item()
        if step % 100 == 0:
            with torch.no_grad():
                z = net(test_x).squeeze(1)
            acc = ((z > 0).float() == test_y).float().mean().item()
            print(f"step {step:4d} loss {running / 100:.4f} test loss {binary_cross_entropy_with_logits(z, test_y).item():.4f} test acc {acc:.3f}")
            running = 0.0


main(Settings())
