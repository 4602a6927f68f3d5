"""Matrix factorisation of a ratings table (users x films)."""
import torch
from torch import nn

USERS, FILMS, RANK = 150, 120, 1  # cure: USERS, FILMS, RANK = 150, 120, 10
g = torch.Generator().manual_seed(37)
taste = torch.randn(USERS, 8, generator=g)
style = torch.randn(FILMS, 8, generator=g)
table = taste @ style.T / 8 ** 0.5 + 0.1 * torch.randn(USERS, FILMS, generator=g)
cells = torch.randperm(USERS * FILMS, generator=g)
user, film = cells // FILMS, cells % FILMS
rating = table[user, film]
n_train = 14000


class Factors(nn.Module):
    def __init__(self, rank):
        super().__init__()
        self.u, self.f = nn.Embedding(USERS, rank), nn.Embedding(FILMS, rank)
        self.ub, self.fb = nn.Embedding(USERS, 1), nn.Embedding(FILMS, 1)
        for e in (self.u, self.f):
            nn.init.normal_(e.weight, std=0.3)
        for e in (self.ub, self.fb):
            nn.init.normal_(e.weight, std=0.01)

    def forward(self, user, film):
        return (self.u(user) * self.f(film)).sum(1) + self.ub(user).squeeze(1) + self.fb(film).squeeze(1)


torch.manual_seed(37)
model = Factors(RANK)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(1, 21):
    sq = 0.0
    for idx in torch.randperm(n_train).split(200):
        err = model(user[idx], film[idx]) - rating[idx]
        loss = err.pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        sq += err.detach().pow(2).sum().item()
    if epoch % 2 == 0:
        with torch.no_grad():
            held = (model(user[n_train:], film[n_train:]) - rating[n_train:]).pow(2).mean().sqrt().item()
        print(f"epoch {epoch:2d} train rmse {(sq / n_train) ** 0.5:.4f} held-out rmse {held:.4f}")
