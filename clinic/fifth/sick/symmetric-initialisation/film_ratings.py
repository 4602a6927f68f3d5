"""Matrix factorisation for film ratings (synthetic users with six latent tastes)."""
from dataclasses import dataclass
import torch
from torch import nn


@dataclass
class HP:
    users: int = 300
    films: int = 200
    rank: int = 8
    lr: float = 0.01
    wd: float = 1e-4
    epochs: int = 15
    batch: int = 512


class Factoriser(nn.Module):
    def __init__(self, hp):
        super().__init__()
        self.user = nn.Embedding(hp.users, hp.rank)
        self.film = nn.Embedding(hp.films, hp.rank)
        self.user_bias = nn.Embedding(hp.users, 1)
        self.film_bias = nn.Embedding(hp.films, 1)
        for e in (self.user, self.film):
            nn.init.constant_(e.weight, 0.1)  # cure: nn.init.normal_(e.weight, std=0.1)
        for e in (self.user_bias, self.film_bias):
            nn.init.zeros_(e.weight)

    def forward(self, u, f):
        dot = (self.user(u) * self.film(f)).sum(1)
        return dot + self.user_bias(u).squeeze(1) + self.film_bias(f).squeeze(1)


hp = HP()
torch.manual_seed(13)
tastes, traits = torch.randn(hp.users, 6), torch.randn(hp.films, 6)
true = tastes @ traits.T / 6 ** 0.5
n = 36000
pairs = torch.randperm(hp.users * hp.films)[:n]
u, f = pairs // hp.films, pairs % hp.films
r = true[u, f] + 0.1 * torch.randn(n)
test = slice(30000, n)
model = Factoriser(hp)
opt = torch.optim.AdamW(model.parameters(), lr=hp.lr, weight_decay=hp.wd)
for epoch in range(1, hp.epochs + 1):
    se = 0.0
    for idx in torch.randperm(30000).split(hp.batch):
        loss = ((model(u[idx], f[idx]) - r[idx]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        se += loss.item() * len(idx)
    with torch.no_grad():
        rmse = ((model(u[test], f[test]) - r[test]) ** 2).mean().sqrt()
    print(f"epoch {epoch:2d} train RMSE {(se / 30000) ** 0.5:.4f} test RMSE {rmse:.4f}")
