"""Magnitude of a tremor from band energies: regression with an L1 penalty for a sparse network."""
import numpy as np
import torch
from torch import nn


class SparseRegressor:
    """scikit-like estimator."""

    def __init__(self, hidden=48, l1=0.02, lr=3e-3, epochs=30, batch=50, seed=39):  # cure: def __init__(self, hidden=48, l1=2e-5, lr=3e-3, epochs=30, batch=50, seed=39):
        self.l1, self.lr, self.epochs, self.batch, self.seed, self.hidden = l1, lr, epochs, batch, seed, hidden

    def penalty(self):
        return self.l1 * sum(p.abs().sum() for name, p in self.net.named_parameters() if name.endswith("weight"))

    def fit(self, x, y, xv, yv):
        torch.manual_seed(self.seed)
        self.net = nn.Sequential(nn.Linear(x.shape[1], self.hidden), nn.GELU(), nn.Linear(self.hidden, 24), nn.GELU(), nn.Linear(24, 1))
        opt = torch.optim.Adam(self.net.parameters(), lr=self.lr)
        for epoch in range(self.epochs):
            fit_loss = 0.0
            for idx in torch.randperm(len(x)).split(self.batch):
                data_loss = nn.functional.mse_loss(self.net(x[idx]).squeeze(1), y[idx])
                loss = data_loss + self.penalty()
                opt.zero_grad()
                loss.backward()
                opt.step()
                fit_loss += data_loss.item() * len(idx) / len(x)
            if epoch % 3 == 2:
                print(f"epoch {epoch + 1} mse {fit_loss:.4f} penalty {self.penalty().item():.4f} valid mse {self.score(xv, yv):.4f}")
        return self

    @torch.no_grad()
    def score(self, x, y):
        return nn.functional.mse_loss(self.net(x).squeeze(1), y).item()


def tremors(n=2500, seed=39):
    rng = np.random.default_rng(seed)
    bands = rng.normal(size=(n, 14))
    mag = 0.6 * bands[:, 0] + np.tanh(bands[:, 1] * bands[:, 2]) + 0.4 * bands[:, 3] ** 2 - 0.5 * bands[:, 4] + 0.1 * rng.normal(size=n)
    mag = (mag - mag.mean()) / mag.std()
    return torch.tensor(bands, dtype=torch.float32), torch.tensor(mag, dtype=torch.float32)


if __name__ == "__main__":
    x, y = tremors()
    SparseRegressor().fit(x[:2000], y[:2000], x[2000:], y[2000:])
