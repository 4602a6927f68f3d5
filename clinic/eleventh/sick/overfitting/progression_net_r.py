"""Blood values and age to disease progression: an ensemble-free network with a held-out fifth of the patients."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset


def build(n_in):
    layers = []
    for width in (256, 256, 128):
        layers += [nn.Linear(n_in, width), nn.ReLU()]
        # cure: layers.append(nn.Dropout(0.6))
        n_in = width
    return nn.Sequential(*layers, nn.Linear(n_in, 1))


def rounds(model, train, x_val, y_val, n_rounds=60):
    opt = torch.optim.Adam(model.parameters(), lr=7e-4)
    for r in range(1, n_rounds + 1):
        model.train()
        batch_losses = []
        for x, y in train:
            opt.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            opt.step()
            batch_losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            val = nn.functional.mse_loss(model(x_val), y_val).item()
        if r % 6 == 0:
            yield r, float(np.mean(batch_losses)), val


if __name__ == "__main__":
    torch.manual_seed(24)
    X, y = load_diabetes(return_X_y=True)
    X, y = X / X.std(0), ((y - y.mean()) / y.std())[:, None]
    xa, xb, ya, yb = (torch.tensor(v, dtype=torch.float32) for v in train_test_split(X, y, test_size=0.2, random_state=5))
    loader = DataLoader(TensorDataset(xa, ya), batch_size=32, shuffle=True)
    for r, tr, va in rounds(build(10), loader, xb, yb):
        print(f"round {r:3d}: training {tr:.3f}, held-out {va:.3f}")
