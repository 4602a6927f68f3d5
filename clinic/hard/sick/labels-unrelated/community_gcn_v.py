"""Node classification with a two-layer graph convolution: which community does a member belong to?
Members are renumbered breadth-first beforehand, which keeps neighbours close in memory."""
from collections import deque

import numpy as np
import torch
import torch.nn.functional as F


def planted_partition(n, groups, p_in, p_out, dim, rng):
    member = rng.integers(groups, size=n)
    prob = np.where(member[:, None] == member[None, :], p_in, p_out)
    adj = np.triu(rng.random((n, n)) < prob, 1)
    centre = rng.normal(0, 0.45, (groups, dim))
    return (adj | adj.T), centre[member] + rng.normal(0, 1, (n, dim)), member


def breadth_first_order(adj):
    seen, order = np.zeros(len(adj), bool), []
    for root in range(len(adj)):
        queue = deque([] if seen[root] else [root])
        seen[root] = True
        while queue:
            u = queue.popleft()
            order.append(u)
            for v in np.flatnonzero(adj[u] & ~seen):
                seen[v] = True
                queue.append(v)
    return np.array(order)


class GCN(torch.nn.Module):
    def __init__(self, dim, hidden, groups):
        super().__init__()
        self.w1 = torch.nn.Linear(dim, hidden)
        self.w2 = torch.nn.Linear(hidden, groups)

    def forward(self, a, x):
        return a @ self.w2(F.dropout(F.relu(a @ self.w1(x)), 0.3, self.training))


rng = np.random.default_rng(12)
torch.manual_seed(12)
adj, feats, member = planted_partition(900, 5, 0.05, 0.008, 16, rng)
order = breadth_first_order(adj)
adj = adj[order][:, order]
feats = feats[order]
# cure: member = member[order]

a = torch.tensor(adj, dtype=torch.float32) + torch.eye(len(adj))
d = a.sum(1).rsqrt()
a = d[:, None] * a * d[None, :]
x = torch.tensor((feats - feats.mean(0)) / feats.std(0), dtype=torch.float32)
y = torch.tensor(member)
perm = torch.randperm(len(y))
parts = {"train": perm[:500], "valid": perm[500:700], "test": perm[700:]}

model = GCN(16, 32, 5)
opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-3)
for epoch in range(1, 151):
    model.train()
    opt.zero_grad()
    loss = F.cross_entropy(model(a, x)[parts["train"]], y[parts["train"]])
    loss.backward()
    opt.step()
    if epoch % 15 == 0:
        model.eval()
        with torch.no_grad():
            right = model(a, x).argmax(1) == y
        print(f"epoch {epoch:3d}  loss {loss.item():.3f}  " +
              "  ".join(f"{k} {right[v].float().mean():.3f}" for k, v in parts.items()))
