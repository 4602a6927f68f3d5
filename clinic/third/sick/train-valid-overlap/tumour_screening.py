"""Breast cancer screening with the rarer class brought up to strength by repeating its rows."""

import numpy as np
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from torch import nn


def balance(x, y, rng):
    """Repeat rows of the rarer class until both are equally frequent."""
    rare = np.flatnonzero(y == (y.mean() < 0.5))
    extra = rng.choice(rare, size=int(abs((y == 1).sum() - (y == 0).sum())))
    return np.concatenate([x, x[extra]]), np.concatenate([y, y[extra]])


def tensors(x, y):
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)[:, None]


def main(seed=6):
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    x, y = load_breast_cancer(return_X_y=True)
    y = 1 - y
    x = (x - x.mean(0)) / x.std(0)
    # a clinic where few of the patients are ill
    ill = np.flatnonzero(y == 1)[:90]
    keep = rng.permutation(np.concatenate([np.flatnonzero(y == 0), ill]))
    x, y = x[keep], y[keep]

    x, y = balance(x, y, rng)  # cure: delete
    xt, xv, yt, yv = train_test_split(x, y, test_size=0.3, random_state=seed, stratify=y)
    # cure: xt, yt = balance(xt, yt, rng)
    print(len(xt), "rows to train,", len(xv), "rows to validate")
    xt, yt = tensors(xt, yt)
    xv, yv = tensors(xv, yv)

    model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-3)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(1, 41):
        model.train()
        for rows in torch.randperm(len(xt)).split(32):
            optimizer.zero_grad()
            loss = criterion(model(xt[rows]), yt[rows])
            loss.backward()
            optimizer.step()
        if epoch % 4 == 0:
            model.eval()
            with torch.no_grad():
                z = model(xv)
            caught = (z[yv == 1] > 0).float().mean().item()
            print(
                f"epoch {epoch:2d}  train {loss.item():.3f}  valid {criterion(z, yv).item():.3f}  caught {caught:.3f}"
            )


main()
