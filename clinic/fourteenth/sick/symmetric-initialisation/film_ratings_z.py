"""Matrix factorisation of film ratings: every user and every film gets 8 factors, the rating is their product."""
import argparse
import math
import torch

parser = argparse.ArgumentParser()
parser.add_argument("--factors", type=int, default=8)
parser.add_argument("--epochs", type=int, default=30)
parser.add_argument("--lr", type=float, default=0.01)
args = parser.parse_args()

gen = torch.Generator().manual_seed(8)
n_users, n_films, true_rank = 300, 200, 4
taste = torch.randn(n_users, true_rank, generator=gen)
style = torch.randn(n_films, true_rank, generator=gen)
pairs = torch.randperm(n_users * n_films, generator=gen)[:24000]
users, films = pairs // n_films, pairs % n_films
ratings = 3.0 + 0.5 * (taste[users] * style[films]).sum(1) + 0.2 * torch.randn(len(pairs), generator=gen)
n_train = 20000
torch.manual_seed(8)


class Factors(torch.nn.Module):
    def __init__(self, k, mean):
        super().__init__()
        # every product of the fresh factors equals the mean rating
        start = math.sqrt(mean / k)
        self.user = torch.nn.Parameter(torch.full((n_users, k), start))  # cure: self.user = torch.nn.Parameter(start + 0.1 * torch.randn(n_users, k))
        self.film = torch.nn.Parameter(torch.full((n_films, k), start))  # cure: self.film = torch.nn.Parameter(start + 0.1 * torch.randn(n_films, k))

    def forward(self, u, f):
        return (self.user[u] * self.film[f]).sum(1)


model = Factors(args.factors, ratings[:n_train].mean().item())
optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=1e-2)
for epoch in range(args.epochs):
    total = 0.0
    for idx in torch.randperm(n_train).split(500):
        error = model(users[idx], films[idx]) - ratings[idx]
        loss = error.square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        rmse = (model(users[n_train:], films[n_train:]) - ratings[n_train:]).square().mean().sqrt()
    print(f"epoch {epoch + 1:2d}  train rmse {math.sqrt(total / n_train):.3f}  test rmse {rmse:.3f}")
