"""Detect rare defects of a production line; the rare class is brought to the size of the other by repetition."""
import numpy as np
import torch
from torch import nn
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from sklearn.utils import resample

torch.manual_seed(0)
X, y = make_classification(2500, 20, n_informative=5, n_redundant=0, n_clusters_per_class=2, weights=[0.9], flip_y=0.0,
                           class_sep=0.9, random_state=3)
X = X.astype(np.float32)


def balance(X, y):
    rare, common = X[y == 1], X[y == 0]
    more = resample(rare, n_samples=len(common), random_state=0)
    return np.concatenate([common, more]), np.repeat([0, 1], len(common))


X, y = balance(X, y)  # cure: delete
Xt, Xv, yt, yv = train_test_split(X, y, test_size=0.3, stratify=y, random_state=1)
# cure: (Xt, yt), (Xv, yv) = balance(Xt, yt), balance(Xv, yv)
mean, std = Xt.mean(0), Xt.std(0)
Xt, Xv = torch.tensor((Xt - mean) / std), torch.tensor((Xv - mean) / std)
yt, yv = torch.tensor(yt).float(), torch.tensor(yv).float()

net = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 1), nn.Flatten(0))
optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.1)
lossfn = nn.BCEWithLogitsLoss()
for epoch in range(1, 10):
    net.train()
    losses = []
    for idx in torch.randperm(len(Xt)).split(64):
        loss = lossfn(net(Xt[idx]), yt[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        out = net(Xv)
        hit = ((out > 0) == (yv > 0)).float()
    print(f"epoch {epoch:2d} train {np.mean(losses):.4f} valid {lossfn(out, yv).item():.4f} "
          f"recall {hit[yv == 1].mean():.3f} specificity {hit[yv == 0].mean():.3f}")
