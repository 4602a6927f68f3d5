"""Matrix factorisation for star ratings. Two exports of the rating log (web and app) are put together,
one tenth of the ratings is kept for validation."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

USERS, FILMS, RANK = 300, 150, 4
g = torch.Generator().manual_seed(77)
torch.manual_seed(77)
taste, trait = torch.randn(USERS, RANK, generator=g), torch.randn(FILMS, RANK, generator=g)


def rating_log(n):
    cells = torch.randperm(USERS * FILMS, generator=g)[:n]
    u, f = cells // FILMS, cells % FILMS
    stars = 3.2 + 0.45 * (taste[u] * trait[f]).sum(1) + 0.7 * torch.randn(n, generator=g)
    return torch.stack([u, f], 1), stars.clamp(0.5, 5.5)


def exports():
    """Accounts with the app installed show up in both exports."""
    pairs, stars = rating_log(9000)
    has_app = torch.rand(USERS, generator=g) < 0.7
    app = has_app[pairs[:, 0]]
    return (pairs, stars), (pairs[app], stars[app])


def merge(web, app):
    pairs, stars = torch.cat([web[0], app[0]]), torch.cat([web[1], app[1]])
    # cure: first = {tuple(p): i for i, p in enumerate(pairs.tolist())}; rows = torch.tensor(list(first.values())); pairs, stars = pairs[rows], stars[rows]
    return TensorDataset(pairs, stars)


class Factors(nn.Module):
    def __init__(self, rank=8):
        super().__init__()
        self.u, self.f = nn.Embedding(USERS, rank), nn.Embedding(FILMS, rank)
        self.bu, self.bf = nn.Embedding(USERS, 1), nn.Embedding(FILMS, 1)
        for e in (self.u, self.f):
            nn.init.normal_(e.weight, std=0.1)
        for e in (self.bu, self.bf):
            nn.init.zeros_(e.weight)
        self.mean = nn.Parameter(torch.tensor(3.0))

    def forward(self, pairs):
        u, f = pairs.T
        return self.mean + (self.bu(u) + self.bf(f)).squeeze(1) + (self.u(u) * self.f(f)).sum(1)


data = merge(*exports())
n_valid = len(data) // 10
train, valid = random_split(data, [len(data) - n_valid, n_valid])
loader = DataLoader(train, batch_size=64, shuffle=True)
vp, vs = valid.dataset.tensors[0][valid.indices], valid.dataset.tensors[1][valid.indices]
model = Factors()
opt = torch.optim.Adam(model.parameters(), lr=4e-3, weight_decay=3e-4)
for epoch in range(16):
    se = 0.0
    for pairs, stars in loader:
        loss = nn.functional.mse_loss(model(pairs), stars)
        opt.zero_grad()
        loss.backward()
        opt.step()
        se += loss.item() * len(stars)
    with torch.no_grad():
        rmse = nn.functional.mse_loss(model(vp), vs).sqrt()
    print(f"epoch {epoch:2d}: train rmse {(se / len(train)) ** 0.5:.4f}  valid rmse {rmse:.4f}")
fresh_pairs, fresh_stars = rating_log(4000)
with torch.no_grad():
    print(f"ratings of the following month: rmse {nn.functional.mse_loss(model(fresh_pairs), fresh_stars).sqrt():.4f}")
