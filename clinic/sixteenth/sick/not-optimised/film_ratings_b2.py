"""Recommend films: factorise a sparse table of simulated ratings into user and film vectors."""
import torch
from torch import nn

torch.manual_seed(44)
USERS, FILMS, RANK = 400, 300, 5
taste = torch.randn(USERS, RANK)
style = torch.randn(FILMS, RANK)
film_mean = 0.7 * torch.randn(FILMS)
user, film = torch.randint(USERS, (24000,)), torch.randint(FILMS, (24000,))
rating = (taste[user] * style[film]).sum(1) / RANK**0.5 + film_mean[film] + 0.3 * torch.randn(24000)
rating = (rating - rating[:20000].mean()) / rating[:20000].std()
train, test = slice(0, 20000), slice(20000, None)


class Side(nn.Module):
    """One side of the table: a vector and an offset per row."""

    def __init__(self, count, rank):
        super().__init__()
        self.vector = nn.Embedding(count, rank)
        self.offset = nn.Embedding(count, 1)
        nn.init.normal_(self.vector.weight, std=0.3)
        nn.init.zeros_(self.offset.weight)

    def forward(self, index):
        return self.vector(index), self.offset(index).squeeze(1)


def predict(users, films, u, f):
    (uv, uo), (fv, fo) = users(u), films(f)
    return (uv * fv).sum(1) + uo + fo


users, films = Side(USERS, RANK), Side(FILMS, RANK)
optimizer = torch.optim.AdamW(users.parameters(), lr=1e-2, weight_decay=0.05)  # cure: optimizer = torch.optim.AdamW([*users.parameters(), *films.parameters()], lr=1e-2, weight_decay=0.05)
for epoch in range(20):
    total = 0.0
    for rows in torch.randperm(20000).split(250):
        error = predict(users, films, user[rows], film[rows]) - rating[rows]
        loss = error.square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 80
    with torch.no_grad():
        rmse = (predict(users, films, user[test], film[test]) - rating[test]).square().mean().sqrt()
    print(f"epoch {epoch:2d} train mse {total:.3f} test rmse {rmse:.3f}")
