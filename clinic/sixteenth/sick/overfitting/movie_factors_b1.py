"""Matrix factorisation of a sparse table of film ratings; root mean square error on held-out ratings."""
import argparse
import torch
from torch import nn


class Factors(nn.Module):
    def __init__(self, users, films, rank, mean):
        super().__init__()
        self.u, self.f = nn.Embedding(users, rank), nn.Embedding(films, rank)
        self.bu, self.bf = nn.Embedding(users, 1), nn.Embedding(films, 1)
        for e in (self.u, self.f):
            nn.init.normal_(e.weight, std=0.1)
        nn.init.zeros_(self.bu.weight)
        nn.init.zeros_(self.bf.weight)
        self.mean = mean

    def forward(self, user, film):
        return self.mean + self.bu(user)[:, 0] + self.bf(film)[:, 0] + (self.u(user) * self.f(film)).sum(1)


def table(users=300, films=200, share=0.2):
    taste, trait = torch.randn(users, 2), torch.randn(films, 2)
    full = 3.4 + 0.5 * torch.randn(users, 1) + 0.6 * torch.randn(1, films) + 0.5 * taste @ trait.T
    full = full + 0.7 * torch.randn(users, films)
    where = torch.nonzero(torch.rand(users, films) < share)
    where = where[torch.randperm(len(where))]
    return where[:, 0], where[:, 1], full[where[:, 0], where[:, 1]].clamp(0.5, 5.5)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rank", type=int, default=40)  # cure: parser.add_argument("--rank", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=30)
    args = parser.parse_args()
    torch.manual_seed(0)
    user, film, stars = table()
    cut = int(0.8 * len(stars))
    model = Factors(300, 200, args.rank, stars[:cut].mean())
    opt = torch.optim.Adam(model.parameters(), lr=0.004)
    for epoch in range(1, args.epochs + 1):
        total = 0.0
        for idx in torch.randperm(cut).split(64):
            loss = nn.functional.mse_loss(model(user[idx], film[idx]), stars[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx) / cut
        with torch.no_grad():
            v = nn.functional.mse_loss(model(user[cut:], film[cut:]), stars[cut:])
        print(f"epoch {epoch:3d}  train rmse {total ** 0.5:.3f}  valid rmse {v.sqrt().item():.3f}")


main()
