"""Estimates a quantity from four gauges (friedman2-like formula) with a small MLP and DataLoaders."""
import numpy as np
import torch
from sklearn.datasets import make_friedman2
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Gauges(Dataset):
    def __init__(self, X, y):
        self.X = X.astype(np.float32)
        self.y = y.astype(np.float32)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        return self.X[i], self.y[i]


def main():
    torch.manual_seed(1)
    X, y = make_friedman2(n_samples=1200, noise=20.0, random_state=1)
    X = StandardScaler().fit_transform(X)
    y = (y - y.mean()) / y.std()
    train = DataLoader(Gauges(X[:900], y[:900]), batch_size=30, shuffle=True)
    valid = Gauges(X[900:], y[900:])
    net = nn.Sequential(nn.Linear(4, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(15):
        net.train()
        total = 0.0
        for xb, yb in train:
            pred = net(xb)  # cure: pred = net(xb).squeeze(1)
            loss = (pred - yb).pow(2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(xb)
        net.eval()
        with torch.no_grad():
            guess = net(torch.tensor(valid.X)).squeeze(1).numpy()
        r2 = 1 - ((guess - valid.y) ** 2).sum() / ((valid.y - valid.y.mean()) ** 2).sum()
        print(f"epoch {epoch + 1:2d} train loss {total / 900:.4f} valid R2 {r2:.3f}")


main()
