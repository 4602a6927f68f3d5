"""Film ratings by matrix factorisation: users and films as short vectors."""
import torch
from torch import nn

torch.manual_seed(37)
USERS, FILMS, TASTES = 150, 120, 6


def ratings():
    u, f = torch.randn(USERS, TASTES), torch.randn(FILMS, TASTES)
    full = (u @ f.T) / TASTES ** 0.5
    full = full + 0.3 * torch.randn(USERS, 1) + 0.3 * torch.randn(1, FILMS)
    seen = torch.rand(USERS, FILMS) < 0.6
    pairs = seen.nonzero()
    pairs = pairs[torch.randperm(len(pairs))]
    r = full[pairs[:, 0], pairs[:, 1]] + 0.1 * torch.randn(len(pairs))
    return pairs, r


class Factors(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.user, self.film = nn.Embedding(USERS, dim), nn.Embedding(FILMS, dim)
        self.user_bias, self.film_bias = nn.Embedding(USERS, 1), nn.Embedding(FILMS, 1)
        for e in (self.user, self.film):
            nn.init.normal_(e.weight, std=0.3)
        for e in (self.user_bias, self.film_bias):
            nn.init.zeros_(e.weight)

    def forward(self, pairs):
        u, f = pairs.unbind(1)
        dot = (self.user(u) * self.film(f)).sum(1)
        return dot + self.user_bias(u).squeeze(1) + self.film_bias(f).squeeze(1)


pairs, r = ratings()
n = int(0.85 * len(r))
model = Factors(dim=1)  # cure: model = Factors(dim=6)
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(1, 31):
    se = 0.0
    for b in torch.randperm(n).split(250):
        opt.zero_grad()
        loss = (model(pairs[b]) - r[b]).square().mean()
        loss.backward()
        opt.step()
        se += loss.item() * len(b)
    if epoch % 3 == 0:
        with torch.no_grad():
            v = (model(pairs[n:]) - r[n:]).square().mean().item()
        print(f"epoch {epoch:2d}  train rmse {(se / n) ** 0.5:.4f}  held-out rmse {v ** 0.5:.4f}")
