"""Implicit feedback recommender: Bayesian personalised ranking with sparse embeddings (SparseAdam)."""
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

rng = np.random.default_rng(70)
torch.manual_seed(70)
U, I, K = 150, 120, 4
affinity = rng.normal(size=(U, K)) @ rng.normal(size=(K, I))
score = affinity + 0.3 * rng.normal(size=(U, I))
liked = score > np.quantile(score, 0.85, axis=1, keepdims=True)
held = liked & (rng.random((U, I)) < 0.2)
seen = liked & ~held
pos_u, pos_i = np.nonzero(seen)


class BPR(nn.Module):
    def __init__(self, k=8):
        super().__init__()
        self.user = nn.Embedding(U, k, sparse=True)
        self.item = nn.Embedding(I, k, sparse=True)
        nn.init.normal_(self.user.weight, std=0.3)
        nn.init.normal_(self.item.weight, std=0.3)

    def forward(self, u, i):
        return (self.user(u) * self.item(i)).sum(-1)


def auc(model):
    with torch.no_grad():
        s = (model.user.weight @ model.item.weight.t()).numpy()
    vals = []
    for u in range(U):
        p, n = s[u, held[u]], s[u, ~liked[u]]
        if len(p):
            vals.append((p[:, None] > n[None]).mean())
    return float(np.mean(vals))


def negatives(u):
    j = rng.integers(0, I, len(u))
    while seen[u, j].any():
        bad = seen[u, j]
        j[bad] = rng.integers(0, I, bad.sum())
    return j


model = BPR()
opt = torch.optim.SparseAdam(list(model.parameters()), lr=1.5e-2)
print(f"start auc {auc(model):.3f}")
for epoch in range(1, 16):
    order = rng.permutation(len(pos_u))
    tot = n = 0
    for k in range(0, len(order), 64):
        b = order[k:k + 64]
        u, i, j = pos_u[b], pos_i[b], negatives(pos_u[b])
        u, i, j = map(torch.as_tensor, (u, i, j))
        loss = -F.logsigmoid(model(u, i) - model(u, j)).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot, n = tot + loss.item(), n + 1
    if epoch % 3 == 0:
        print(f"epoch {epoch} bpr {tot / n:.4f} held-out auc {auc(model):.3f}")
