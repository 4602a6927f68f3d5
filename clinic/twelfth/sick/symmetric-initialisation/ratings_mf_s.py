"""Matrix factorisation of a generated table of ratings: 300 users, 200 films, 8 factors."""
import torch
import torch.nn as nn


class Factors(nn.Module):
    def __init__(self, n_users, n_items, dim=8):
        super().__init__()
        self.user = nn.Embedding(n_users, dim)
        self.item = nn.Embedding(n_items, dim)
        self.user_bias = nn.Embedding(n_users, 1)
        self.item_bias = nn.Embedding(n_items, 1)
        for table in (self.user, self.item):
            nn.init.constant_(table.weight, 0.1)  # cure: nn.init.normal_(table.weight, std=0.1)
        for table in (self.user_bias, self.item_bias):
            nn.init.zeros_(table.weight)

    def forward(self, u, i):
        dot = (self.user(u) * self.item(i)).sum(1)
        return dot + self.user_bias(u).squeeze(1) + self.item_bias(i).squeeze(1)


def make_ratings(n_users=300, n_items=200, seen=0.35):
    p, q = torch.randn(n_users, 4), torch.randn(n_items, 4)
    full = p @ q.t() / 2 + 0.3 * torch.randn(n_users, 1) + 0.3 * torch.randn(1, n_items)
    full = full + 0.2 * torch.randn(n_users, n_items)
    u, i = torch.nonzero(torch.rand(n_users, n_items) < seen, as_tuple=True)
    perm = torch.randperm(len(u))
    return u[perm], i[perm], full[u, i][perm]


def rmse(model, u, i, r):
    with torch.no_grad():
        return (model(u, i) - r).pow(2).mean().sqrt().item()


torch.manual_seed(10)
u, i, r = make_ratings()
n = int(0.85 * len(u))
model = Factors(300, 200)
opt = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=1e-5)
print(f"{n} ratings to train on, their deviation {r[:n].std():.3f}")
for epoch in range(14):
    for b in torch.randperm(n).split(256):
        loss = nn.functional.mse_loss(model(u[b], i[b]), r[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f"epoch {epoch + 1:2d}: train rmse {rmse(model, u[:n], i[:n], r[:n]):.4f}, "
          f"test rmse {rmse(model, u[n:], i[n:], r[n:]):.4f}")
