"""Rare alarms (about 4 % of the records), handled with a class-balanced focal loss; judged by average precision."""
import numpy as np
import torch
from sklearn.datasets import make_classification
from sklearn.metrics import average_precision_score, balanced_accuracy_score
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)
x, y = make_classification(n_samples=8000, n_features=12, n_informative=6, n_clusters_per_class=1, weights=[0.96],
                           class_sep=1.0, flip_y=0.0, random_state=7)
x_tr, x_va, y_tr, y_va = train_test_split(x, y, test_size=0.25, stratify=y, random_state=0)
mu, sd = x_tr.mean(0), x_tr.std(0)
x_tr, x_va = [torch.tensor((a - mu) / sd, dtype=torch.float32) for a in (x_tr, x_va)]
y_tr, y_va = torch.tensor(y_tr).float(), torch.tensor(y_va).float()
share = y_tr.mean()


def focal(logit, target, gamma=1.0):
    p = torch.sigmoid(logit)
    wrong = torch.where(target == 1, 1 - p, p)
    weight = torch.where(target == 1, 0.5 / share, 0.5 / (1 - share))
    bce = nn.functional.binary_cross_entropy_with_logits(logit, target, reduction="none")
    return (weight * wrong ** gamma * bce).mean()


net = nn.Sequential(nn.Linear(12, 20), nn.ReLU(), nn.Linear(20, 1), nn.Flatten(0))
opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.02)
loader = DataLoader(TensorDataset(x_tr, y_tr), batch_size=128, shuffle=True)
for epoch in range(1, 22):
    losses = []
    for xb, yb in loader:
        loss = focal(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    if epoch % 3 == 0:
        with torch.no_grad():
            out = net(x_va)
        print(f"epoch {epoch:2d}  focal {np.mean(losses):.4f}  valid {focal(out, y_va).item():.4f}  "
              f"average precision {average_precision_score(y_va, out):.3f}  "
              f"balanced accuracy {balanced_accuracy_score(y_va, out > 0):.3f}")
