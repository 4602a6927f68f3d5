"""A residual flow: the state is carried through a learnt field for a number of steps, then read out (friedman1)."""
from dataclasses import dataclass

import torch
from sklearn.datasets import make_friedman1
from torch import nn


@dataclass
class Config:
    width: int = 32
    steps: int = 30
    lr: float = 1e-3
    epochs: int = 12
    batch: int = 32
    seed: int = 5


class Flow(nn.Module):
    """dh/dt = f(h), integrated with Euler over [0, 1]."""

    def __init__(self, n_in, cfg):
        super().__init__()
        self.lift = nn.Linear(n_in, cfg.width)
        self.field = nn.Sequential(nn.Linear(cfg.width, cfg.width), nn.ELU(), nn.Linear(cfg.width, cfg.width))
        for layer in (self.field[0], self.field[2]):
            nn.init.xavier_normal_(layer.weight)
        self.read = nn.Linear(cfg.width, 1)
        self.steps = cfg.steps

    def forward(self, x):
        h = self.lift(x)
        for _ in range(self.steps):
            h = h + self.field(h)  # cure: h = h + self.field(h) / self.steps
        return self.read(h).squeeze(1)


def main(cfg=Config()):
    torch.manual_seed(cfg.seed)
    X, y = make_friedman1(n_samples=1200, noise=0.5, random_state=cfg.seed)
    X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
    y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)
    Xt, yt, Xv, yv = X[:900], y[:900], X[900:], y[900:]
    model = Flow(X.shape[1], cfg)
    opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        total = 0.0
        for idx in torch.randperm(len(Xt)).split(cfg.batch):
            loss = nn.functional.mse_loss(model(Xt[idx]), yt[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        with torch.no_grad():
            val = nn.functional.mse_loss(model(Xv), yv).item()
        print(f"[{epoch:02d}] train mse {total / len(Xt):.4g}  valid mse {val:.4g}")


if __name__ == "__main__":
    main()
