"""Metric learning on digits: triplet margin loss with the hardest negatives of a batch, scored by nearest neighbours."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(114)
d = load_digits()
x, y = torch.tensor((d.data / 16 - 0.305) / 0.376).float(), torch.tensor(d.target)
perm = torch.randperm(len(x))
tr, te = perm[:1300], perm[1300:]
net = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Dropout(0.1), nn.Linear(96, 16))
opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4)
MARGIN = 0.3


def embed(v):
    return nn.functional.normalize(net(v), dim=1)


def triplet(e, k):
    dist = (2 - 2 * e @ e.T).clamp(min=1e-6).sqrt()
    same = k[:, None] == k[None]
    pos = (dist * same).sum(1) / same.sum(1)
    neg = (dist + 10.0 * same).min(1).values
    return torch.relu(pos - neg + MARGIN).mean()


for epoch in range(12):
    net.train()
    tot, batches = 0.0, torch.randperm(len(tr)).split(100)
    for b in batches:
        loss = triplet(embed(x[tr[b]]), y[tr[b]])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / len(batches)
    net.eval()
    with torch.no_grad():
        sim = embed(x[te]) @ embed(x[tr]).T
        acc = (y[tr][sim.argmax(1)] == y[te]).float().mean()
        held = triplet(embed(x[te]), y[te])
    if epoch % 2 == 1:
        print(f"epoch {epoch}: triplet loss {tot:.4f} (margin {MARGIN}), held-out {held:.4f}, nearest-neighbour acc {acc:.4f}")
