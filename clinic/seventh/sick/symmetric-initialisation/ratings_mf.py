"""Matrix factorisation for a small ratings table (80 users, 60 films, 5 hidden tastes)."""
import numpy as np
import torch
from torch import nn


class MF(nn.Module):
    def __init__(self, users, items, k):
        super().__init__()
        self.P = nn.Embedding(users, k)
        self.Q = nn.Embedding(items, k)
        self.bu = nn.Embedding(users, 1)
        self.bi = nn.Embedding(items, 1)
        self.mu = nn.Parameter(torch.zeros(()))
        self.reset()

    def reset(self):
        nn.init.constant_(self.P.weight, 0.1)  # cure: nn.init.normal_(self.P.weight, 0.0, 0.1)
        nn.init.constant_(self.Q.weight, 0.1)  # cure: nn.init.normal_(self.Q.weight, 0.0, 0.1)
        nn.init.zeros_(self.bu.weight)
        nn.init.zeros_(self.bi.weight)

    def forward(self, u, i):
        return self.mu + self.bu(u).squeeze(1) + self.bi(i).squeeze(1) + (self.P(u) * self.Q(i)).sum(1)


rng = np.random.default_rng(17)
U, I, K = 80, 60, 5
true = rng.normal(size=(U, K)) @ rng.normal(size=(K, I)) / np.sqrt(K)
mask = rng.random((U, I)) < 0.6
uu, ii = np.nonzero(mask)
r = true[uu, ii] + 0.1 * rng.normal(size=len(uu))
perm = rng.permutation(len(uu))
cut = int(0.85 * len(perm))
tr, te = perm[:cut], perm[cut:]
u, i, r = torch.tensor(uu), torch.tensor(ii), torch.tensor(r, dtype=torch.float32)

torch.manual_seed(17)
model = MF(U, I, 5)
opt = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(1, 41):
    order = torch.tensor(rng.permutation(tr))
    se = 0.0
    for b in order.split(64):
        loss = ((model(u[b], i[b]) - r[b]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        se += loss.item() * len(b)
    if epoch % 5 == 0:
        with torch.no_grad():
            rmse = ((model(u[te], i[te]) - r[te]) ** 2).mean().sqrt().item()
        print(f"epoch {epoch:2d}  train rmse {(se / len(tr)) ** 0.5:.3f}  test rmse {rmse:.3f}")
