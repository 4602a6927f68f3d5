"""Malignant or benign? Logistic-style network on the breast cancer table."""
import numpy as np
import torch
from sklearn.datasets import load_breast_cancer
from torch import nn

rng = np.random.default_rng(77)
torch.manual_seed(77)
features, diagnosis = load_breast_cancer(return_X_y=True)


def shuffled(*arrays):
    # cure: perm = rng.permutation(len(arrays[0]))
    return [a[rng.permutation(len(a))] for a in arrays]  # cure: return [a[perm] for a in arrays]


features, diagnosis = shuffled(features, diagnosis)
n = 420
features = (features - features[:n].mean(0)) / features[:n].std(0)
X = torch.tensor(features, dtype=torch.float32)
y = torch.tensor(diagnosis, dtype=torch.float32)

model = nn.Sequential(nn.Linear(30, 8), nn.ELU(), nn.Linear(8, 1), nn.Flatten(0))
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, weight_decay=1e-3)
loss_fn = nn.BCEWithLogitsLoss()

for epoch in range(30):
    epoch_loss = 0.0
    for batch in torch.randperm(n).split(30):
        loss = loss_fn(model(X[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(batch) / n
    with torch.no_grad():
        z = model(X[n:])
        val = loss_fn(z, y[n:]).item()
        acc = ((z > 0).float() == y[n:]).float().mean().item()
    if epoch % 3 == 0 or epoch == 29:
        print(f"epoch {epoch:2d}: train={epoch_loss:.4f} val={val:.4f} val_acc={acc:.3f}")
