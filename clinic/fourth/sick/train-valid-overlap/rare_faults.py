"""Classify transformer-oil gas readings into healthy and faulty; the scarce faulty readings are repeated to balance."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def gas_readings(n, rng):
    """Log concentrations of nine gases; every eighth reading comes from a faulty transformer."""
    y = (rng.random(n) < 0.12).astype(int)
    x = rng.normal(size=(n, 9))
    x[:, :3] += 0.9 * y[:, None]
    x[:, 3] += 1.6 * y * rng.choice([-1, 1], n)
    return x, y


def balance(x, y, rng):
    """Repeat readings of the rarer class until both are equally frequent."""
    faulty = np.flatnonzero(y == 1)
    extra = rng.choice(faulty, (y == 0).sum() - len(faulty))
    order = rng.permutation(len(y) + len(extra))
    return np.concatenate([x, x[extra]])[order], np.concatenate([y, y[extra]])[order]


class GasNet(nn.Module):
    def __init__(self, n_in):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_in, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 2))

    def forward(self, x):
        return self.net(x)


def fit(model, x, y, xv, yv, epochs=16, lr=1e-3):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=3e-3)
    x, xv = torch.tensor(x, dtype=torch.float32), torch.tensor(xv, dtype=torch.float32)
    y = torch.tensor(y)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(32):
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx)
        if epoch % 2 == 1:
            with torch.no_grad():
                pred = model(xv).argmax(1).numpy()
            print(f"epoch {epoch + 1:2d}  train loss {total / len(x):.4f}  "
                  f"valid balanced accuracy {balanced_accuracy_score(yv, pred):.3f}")


if __name__ == "__main__":
    torch.manual_seed(50)
    rng = np.random.default_rng(50)
    x, y = gas_readings(2400, rng)
    x, y = balance(x, y, rng)  # cure: delete
    x_train, x_valid, y_train, y_valid = train_test_split(x, y, test_size=0.25, stratify=y, random_state=1)
    # cure: x_train, y_train = balance(x_train, y_train, rng)
    scaler = StandardScaler().fit(x_train)
    fit(GasNet(x.shape[1]), scaler.transform(x_train), y_train, scaler.transform(x_valid), y_valid)
