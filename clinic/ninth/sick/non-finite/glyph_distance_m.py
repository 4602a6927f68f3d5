"""Metric learning on the digits: same class close, other classes at least a margin apart."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(8)
data = load_digits()
order = torch.randperm(len(data.target))
X = (torch.tensor(data.data, dtype=torch.float32) / 16)[order]
Y = torch.tensor(data.target)[order]
train_x, train_y, test_x, test_y = X[:1400], Y[:1400], X[1400:], Y[1400:]

encoder = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 12))
opt = torch.optim.Adam(encoder.parameters(), lr=2e-3)


def distances(z):
    sq = (z[:, None, :] - z[None, :, :]).pow(2).sum(-1)
    return sq.sqrt()  # cure: return (sq + 1e-9).sqrt()


def contrastive(z, y, margin=2.0):
    d = distances(z)
    same = (y[:, None] == y[None, :]).float()
    return (same * d.pow(2) + (1 - same) * (margin - d).clamp(min=0).pow(2)).mean()


@torch.no_grad()
def nearest_accuracy():
    d = torch.cdist(encoder(test_x), encoder(train_x))
    return (train_y[d.argmin(1)] == test_y).float().mean().item()


for epoch in range(12):
    running = []
    for idx in torch.randperm(1400).split(100):
        loss = contrastive(encoder(train_x[idx]), train_y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        running.append(loss.item())
    print(f"epoch {epoch}: loss {sum(running) / len(running):.4f}, 1-nn accuracy {nearest_accuracy():.4f}")
