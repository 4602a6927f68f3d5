"""Regression on Friedman's first benchmark with a three-layer perceptron."""
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Config:
    hidden: int = 64
    lr: float = 3e-3
    batch_size: int = 64
    epochs: int = 40
    seed: int = 5


class Regressor(nn.Module):
    def __init__(self, n_in, hidden):
        super().__init__()
        self.fc1 = nn.Linear(n_in, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, 1)
        self.act = nn.SiLU()

    def forward(self, x):
        h = self.fc1(x)  # cure: h = self.act(self.fc1(x))
        h = self.fc2(h)  # cure: h = self.act(self.fc2(h))
        return self.fc3(h).squeeze(-1)


def main(cfg):
    torch.manual_seed(cfg.seed)
    x, y = make_friedman1(n_samples=1800, noise=0.5, random_state=cfg.seed)
    x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.25, random_state=cfg.seed)
    sx, sy = StandardScaler().fit(x_tr), StandardScaler().fit(y_tr[:, None])
    as_tensor = lambda a: torch.tensor(a, dtype=torch.float32)
    x_tr, x_te = as_tensor(sx.transform(x_tr)), as_tensor(sx.transform(x_te))
    y_tr, y_te = (as_tensor(sy.transform(a[:, None])[:, 0]) for a in (y_tr, y_te))
    loader = DataLoader(TensorDataset(x_tr, y_tr), batch_size=cfg.batch_size, shuffle=True)

    model = Regressor(x_tr.shape[1], cfg.hidden)
    opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, cfg.epochs, eta_min=2e-4)
    for epoch in range(1, cfg.epochs + 1):
        model.train()
        losses = []
        for xb, yb in loader:
            opt.zero_grad()
            loss = nn.functional.mse_loss(model(xb), yb)
            loss.backward()
            opt.step()
            losses.append(loss.item())
        sched.step()
        model.eval()
        with torch.no_grad():
            mse = nn.functional.mse_loss(model(x_te), y_te).item()
        if epoch % 4 == 0:
            print(f"{epoch:3d} | train {np.mean(losses):.4f} | test mse {mse:.4f} | R2 {1 - mse / y_te.var().item():.3f}")


if __name__ == "__main__":
    main(Config())
