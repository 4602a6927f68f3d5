"""Bayesian personalised ranking on implicit feedback: sparse embeddings, sparse Adam, one dense optimizer for the biases."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Ranker(nn.Module):
    def __init__(self, users, items, k):
        super().__init__()
        self.u = nn.Embedding(users, k, sparse=True)
        self.v = nn.Embedding(items, k, sparse=True)
        self.pop = nn.Parameter(torch.zeros(items))
        for e in (self.u, self.v):
            nn.init.normal_(e.weight, std=0.1)

    def forward(self, u, i):
        return (self.u(u) * self.v(i)).sum(-1) + self.pop[i]

    def table(self):
        return self.u.weight @ self.v.weight.t() + self.pop


def world(users, items, k, g):
    a, b = torch.randn(users, k, generator=g), torch.randn(items, k, generator=g)
    score = a @ b.t() + torch.randn(items, generator=g)
    likes = score + 0.3 * torch.randn(users, items, generator=g) > score.quantile(0.85, dim=1, keepdim=True)
    pairs = likes.nonzero()
    pairs = pairs[torch.randperm(len(pairs), generator=g)]
    return likes, pairs


def auc(model, likes, held, train_mask):
    t = model.table()
    total = 0.0
    neg = t.masked_fill(likes, float("inf"))
    for u, i in held.tolist():
        total += (t[u, i] > neg[u]).sum().item() / (~likes[u]).sum().item()
    return total / len(held)


g = torch.Generator().manual_seed(110)
torch.manual_seed(111)
likes, pairs = world(200, 150, 4, g)
cut = int(0.85 * len(pairs))
train, held = pairs[:cut], pairs[cut:]
mask = torch.zeros_like(likes)
mask[train[:, 0], train[:, 1]] = True
model = Ranker(200, 150, 8)
opt_e = torch.optim.SparseAdam([model.u.weight, model.v.weight], lr=0.01)
opt_b = torch.optim.Adagrad([model.pop], lr=0.05)
for epoch in range(1, 25):
    total = 0.0
    for part in train[torch.randperm(len(train))].split(128):
        u, i = part.t()
        j = torch.randint(150, u.shape)
        ok = ~mask[u, j]
        loss = -F.logsigmoid(model(u, i) - model(u, j))[ok].mean() + 1e-3 * (model.u(u).square().sum(1) + model.v(i).square().sum(1)).mean()
        opt_e.zero_grad()
        opt_b.zero_grad()
        loss.backward()
        opt_e.step()
        opt_b.step()
        total += loss.item() * len(part)
    if epoch % 3 == 0:
        with torch.no_grad():
            print(f"epoch {epoch} bpr {total / len(train):.4f} auc of held-out likes {auc(model, likes, held, mask):.4f}")
