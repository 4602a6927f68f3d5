"""Metric learning: an embedding of digits by batch-hard triplets, tested by nearest neighbour on unseen images."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

MARGIN, PER_CLASS = 0.7, 6


def batch_hard(emb, y):
    dist = torch.cdist(emb, emb)
    same = y[:, None] == y[None, :]
    far_pos = dist.masked_fill(~same, 0).amax(1)
    near_neg = dist.masked_fill(same, 10.0).amin(1)
    hinge = F.relu(far_pos - near_neg + MARGIN)
    return hinge.mean(), (hinge > 0).float().mean().item()


def balanced_rows(y, per_class):
    return torch.cat([rows[torch.randperm(len(rows))[:per_class]] for rows in (torch.nonzero(y == c).squeeze(1) for c in range(10))])


def nearest(model, x, y, q, qy):
    with torch.no_grad():
        idx = torch.cdist(embed(model, q), embed(model, x)).argmin(1)
    return (y[idx] == qy).float().mean().item()


def embed(model, x):
    return F.normalize(model(x), dim=1)


torch.manual_seed(81)
d = load_digits()
x, y = torch.tensor(d.data / 6 - 0.8, dtype=torch.float32), torch.tensor(d.target)
perm = torch.randperm(len(y))
tr, te = perm[:1300], perm[1300:]
model = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 8))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
print(f"untrained: nearest neighbour {nearest(model, x[tr], y[tr], x[te], y[te]):.3f}")
for step in range(1, 601):
    rows = tr[balanced_rows(y[tr], PER_CLASS)]
    loss, active = batch_hard(embed(model, x[rows]), y[rows])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 60 == 0:
        print(f"step {step:3d} triplet loss {loss.item():.4f} active {active:.2f} "
              f"nearest neighbour {nearest(model, x[tr], y[tr], x[te], y[te]):.3f}")
