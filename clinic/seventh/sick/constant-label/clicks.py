"""Predict whether a user likes an item: factorisation model with user and item embeddings on simulated ratings."""
import torch
from torch import nn

torch.manual_seed(30)
N_USERS, N_ITEMS, RANK = 120, 80, 3


def simulate(n):
    u_taste, i_trait = torch.randn(N_USERS, RANK), torch.randn(N_ITEMS, RANK)
    users = torch.randint(0, N_USERS, (n,))
    items = torch.randint(0, N_ITEMS, (n,))
    affinity = (u_taste[users] * i_trait[items]).sum(1)
    liked = torch.sigmoid(affinity).long()  # cure: liked = torch.sigmoid(affinity).round().long()
    return users, items, liked


class MatrixFactorisation(nn.Module):
    def __init__(self, dim=8):
        super().__init__()
        self.user = nn.Embedding(N_USERS, dim)
        self.item = nn.Embedding(N_ITEMS, dim)
        self.bias = nn.Embedding(N_ITEMS, 1)
        for emb in (self.user, self.item, self.bias):
            nn.init.normal_(emb.weight, std=0.3)

    def forward(self, u, i):
        return (self.user(u) * self.item(i)).sum(1) + self.bias(i)[:, 0]


users, items, liked = simulate(12000)
split = 10000
model = MatrixFactorisation()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=1e-4)
loss_fn = nn.BCEWithLogitsLoss()

for epoch in range(8):
    total = 0.0
    for b in torch.randperm(split).split(200):
        logit = model(users[b], items[b])
        loss = loss_fn(logit, liked[b].float())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(b)
    with torch.no_grad():
        s = model(users[split:], items[split:])
        t = liked[split:]
        hit = ((s > 0).long() == t).float().mean().item()
        precision = t[s > 0].float().mean().item() if (s > 0).any() else 0.0
    print(f"epoch {epoch}: logloss {total / split:.4f}  valid {loss_fn(s, t.float()).item():.4f}  acc {hit:.3f}  precision {precision:.3f}")
