"""Malignant or benign? A two-layer network on the breast-cancer measurements."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler


def read_table():
    ds = load_breast_cancer()
    diagnosis = ds.target_names[ds.target]
    return ds.data, diagnosis


def encode(diagnosis):
    return (diagnosis == "Malignant").astype(np.float32)  # cure: return (diagnosis == "malignant").astype(np.float32)


features, diagnosis = read_table()
order = np.random.default_rng(12).permutation(len(features))
features, diagnosis = features[order], diagnosis[order]
train, test = slice(0, 420), slice(420, None)
scaler = StandardScaler().fit(features[train])
x = torch.from_numpy(scaler.transform(features)).float()
y = torch.from_numpy(encode(diagnosis))

torch.manual_seed(12)
model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 1), nn.Flatten(0))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-3)
n = len(y[train])
for epoch in range(1, 31):
    losses = []
    for idx in torch.randperm(n).split(32):
        optimizer.zero_grad()
        loss = criterion(model(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 5 == 0:
        print(f"epoch {epoch:3d}  loss {np.mean(losses):.4f}")

with torch.no_grad():
    score = model(x[test]).numpy()
truth = np.char.startswith(diagnosis[test].astype(str), "malig")
print(f"test AUC {roc_auc_score(truth, score):.3f}, malignant found {int(((score > 0) & truth).sum())} of {truth.sum()}")
