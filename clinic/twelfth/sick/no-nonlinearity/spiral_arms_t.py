"""Three-arm spiral classification with a configurable MLP."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU}


@dataclass
class Config:
    width: int = 48
    depth: int = 3
    activation: str = "ReLU"  # cure: activation: str = "relu"
    lr: float = 3e-3
    epochs: int = 60
    batch_size: int = 64
    seed: int = 7


def spirals(n_per_arm, rng):
    xs, ys = [], []
    for arm in range(3):
        t = np.sqrt(rng.uniform(0.02, 1, n_per_arm))
        angle = 4.5 * t + arm * 2 * np.pi / 3 + rng.normal(0, 0.12, n_per_arm)
        xs.append(np.stack([t * np.cos(angle), t * np.sin(angle)], 1) * 2)
        ys.append(np.full(n_per_arm, arm))
    x, y = np.concatenate(xs), np.concatenate(ys)
    order = rng.permutation(len(y))
    return torch.tensor(x[order], dtype=torch.float32), torch.tensor(y[order])


def build(cfg):
    act = ACTIVATIONS.get(cfg.activation, nn.Identity)
    layers, d = [], 2
    for _ in range(cfg.depth):
        layers += [nn.Linear(d, cfg.width), act()]
        d = cfg.width
    return nn.Sequential(*layers, nn.Linear(d, 3))


def main(cfg):
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    xtr, ytr = spirals(400, rng)
    xva, yva = spirals(150, rng)
    net = build(cfg)
    opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)
    ce = nn.CrossEntropyLoss()
    for epoch in range(1, cfg.epochs + 1):
        net.train()
        running = 0.0
        for idx in torch.randperm(len(xtr)).split(cfg.batch_size):
            opt.zero_grad()
            loss = ce(net(xtr[idx]), ytr[idx])
            loss.backward()
            opt.step()
            running += loss.item() * len(idx)
        if epoch % 5 == 0:
            net.eval()
            with torch.no_grad():
                acc = (net(xva).argmax(1) == yva).float().mean().item()
            print(f"epoch {epoch:3d}  train loss {running / len(xtr):.4f}  val acc {acc:.3f}")


main(Config())
