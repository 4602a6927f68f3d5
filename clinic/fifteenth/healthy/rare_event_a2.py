"""Finds the 3 % of transactions that are fraud; the loss weighs them up, and average precision is what counts."""
import numpy as np
import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)
rng = np.random.default_rng(7)
n = 12000
y = (rng.random(n) < 0.03).astype(np.float32)
x = rng.normal(size=(n, 8))
angle = rng.uniform(0, 2 * np.pi, n)
x[:, 0] = np.where(y == 1, 2.6 * np.cos(angle) + 0.3 * rng.normal(size=n), x[:, 0])
x[:, 1] = np.where(y == 1, 2.6 * np.sin(angle) + 0.3 * rng.normal(size=n), x[:, 1])
x[:, 2] += 1.2 * y
x = torch.tensor(x, dtype=torch.float32)
y = torch.tensor(y)
cut = 9000
x = (x - x[:cut].mean(0)) / x[:cut].std(0)
loader = DataLoader(TensorDataset(x[:cut], y[:cut]), batch_size=256, shuffle=True)
model = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 1))
weight = ((y[:cut] == 0).sum() / y[:cut].sum()).sqrt()
criterion = nn.BCEWithLogitsLoss(pos_weight=weight)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.02)
for epoch in range(1, 19):
    total = 0.0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb).squeeze(1), yb)
        loss.backward()
        optimizer.step()
        total += loss.item() / len(loader)
    if epoch % 3 == 0:
        with torch.no_grad():
            score = model(x[cut:]).squeeze(1)
        valid = criterion(score, y[cut:]).item()
        print(f"epoch {epoch:2d}  train {total:.4f}  valid {valid:.4f}  average precision {average_precision_score(y[cut:], score):.3f}  auc {roc_auc_score(y[cut:], score):.4f}")
