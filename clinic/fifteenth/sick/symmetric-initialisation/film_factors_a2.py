"""Matrix factorisation of film ratings: a user vector and a film vector meet in an inner product, plus a bias for each."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(36)
USERS, FILMS, RANK = 300, 200, 8
true_user, true_film = torch.randn(USERS, 4), torch.randn(FILMS, 4)
user = torch.randint(0, USERS, (20000,))
film = torch.randint(0, FILMS, (20000,))
taste = (true_user[user] * true_film[film]).sum(1) / 2
rating = 3.4 + 0.3 * torch.randn(USERS)[user] + 0.4 * torch.randn(FILMS)[film] + 0.8 * taste + 0.2 * torch.randn(20000)
cut = 17000
train = DataLoader(TensorDataset(user[:cut], film[:cut], rating[:cut]), batch_size=250, shuffle=True)


class Factors(nn.Module):
    def __init__(self):
        super().__init__()
        self.users = nn.Embedding(USERS, RANK)
        self.films = nn.Embedding(FILMS, RANK)
        self.user_bias = nn.Embedding(USERS, 1)
        self.film_bias = nn.Embedding(FILMS, 1)
        self.mean = nn.Parameter(rating[:cut].mean())
        for table in (self.users, self.films):
            nn.init.constant_(table.weight, (1 / RANK) ** 0.5)  # cure: nn.init.normal_(table.weight, std=0.1)
        nn.init.zeros_(self.user_bias.weight)
        nn.init.zeros_(self.film_bias.weight)

    def forward(self, u, f):
        match = (self.users(u) * self.films(f)).sum(1)
        return self.mean + match + self.user_bias(u).squeeze(1) + self.film_bias(f).squeeze(1)


model = Factors()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(20):
    seen = 0.0
    for u, f, r in train:
        error = (model(u, f) - r).square().mean()
        penalty = 0.008 * (model.users(u).square().sum(1) + model.films(f).square().sum(1)).mean()
        optimizer.zero_grad()
        (error + penalty).backward()
        optimizer.step()
        seen += error.item() * len(r)
    with torch.no_grad():
        rmse = (model(user[cut:], film[cut:]) - rating[cut:]).square().mean().sqrt()
    print(f"epoch {epoch + 1:2d}  train rmse {(seen / cut) ** 0.5:.4f}  test rmse {rmse:.4f}")
