"""Regression on the Friedman #1 benchmark with a small multilayer network."""
from dataclasses import dataclass

import torch
import torch.nn as nn
from sklearn.datasets import make_friedman1
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Config:
    n: int = 1600
    width: int = 64
    lr: float = 3e-3
    batch: int = 64
    epochs: int = 40
    seed: int = 11


class Regressor(nn.Module):
    def __init__(self, n_in, width):
        super().__init__()
        self.fc1 = nn.Linear(n_in, width)
        self.fc2 = nn.Linear(width, width)
        self.fc3 = nn.Linear(width, 1)
        self.act = nn.SiLU()

    def forward(self, x):
        h = self.fc1(x)  # cure: h = self.act(self.fc1(x))
        h = self.fc2(h)  # cure: h = self.act(self.fc2(h))
        return self.fc3(h).squeeze(-1)


def r2(pred, y):
    return 1 - ((pred - y) ** 2).mean().item() / y.var(unbiased=False).item()


def main(cfg):
    torch.manual_seed(cfg.seed)
    X, y = make_friedman1(cfg.n, n_features=10, noise=1.0, random_state=cfg.seed)
    X = torch.tensor(X, dtype=torch.float32)
    y = torch.tensor(y, dtype=torch.float32)
    cut = int(0.75 * cfg.n)
    mu, sd = X[:cut].mean(0), X[:cut].std(0)
    X = (X - mu) / sd
    y = (y - y[:cut].mean()) / y[:cut].std()
    loader = DataLoader(TensorDataset(X[:cut], y[:cut]), batch_size=cfg.batch, shuffle=True)
    model = Regressor(X.shape[1], cfg.width)
    opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=1e-2)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, cfg.epochs, eta_min=2e-4)
    for ep in range(cfg.epochs):
        model.train()
        run = 0.0
        for xb, yb in loader:
            opt.zero_grad()
            loss = nn.functional.mse_loss(model(xb), yb)
            loss.backward()
            opt.step()
            run += loss.item() * len(xb)
        sched.step()
        if ep % 4 == 3:
            model.eval()
            with torch.no_grad():
                print(f"[{ep + 1:3d}] train mse {run / cut:.4f}   valid R2 {r2(model(X[cut:]), y[cut:]):.4f}")


if __name__ == "__main__":
    main(Config())
