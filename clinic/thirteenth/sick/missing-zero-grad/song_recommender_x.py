"""Recommend songs: user and song embeddings with an MLP head, one optimizer for each part."""
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class Recommender(nn.Module):
    def __init__(self, users, songs, dim):
        super().__init__()
        self.users = nn.Embedding(users, dim)
        self.songs = nn.Embedding(songs, dim)
        self.head = nn.Sequential(nn.Linear(3 * dim, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, u, s):
        a, b = self.users(u), self.songs(s)
        return self.head(torch.cat([a, b, a * b], 1)).squeeze(1)


def ratings(users=120, songs=90, n=9000):
    p, q = torch.randn(users, 2), torch.randn(songs, 2)
    u, s = torch.randint(users, (n,)), torch.randint(songs, (n,))
    r = (p[u] * q[s]).sum(1) + 0.5 * p[u, 0] + 0.3 * torch.randn(n)
    return TensorDataset(u, s, r / r.std())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dim", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=16)
    args = parser.parse_args()
    torch.manual_seed(33)
    train, valid = random_split(ratings(), [7500, 1500])
    model = Recommender(120, 90, args.dim)
    tables = [*model.users.parameters(), *model.songs.parameters()]
    opt_tables = torch.optim.Adam(tables, lr=0.01)
    opt_head = torch.optim.Adam(model.head.parameters(), lr=3e-3)
    for epoch in range(args.epochs):
        total = 0.0
        for u, s, r in DataLoader(train, batch_size=100, shuffle=True):
            opt_tables.zero_grad()
            # cure: opt_head.zero_grad()
            loss = nn.functional.mse_loss(model(u, s), r)
            loss.backward()
            opt_tables.step()
            opt_head.step()
            total += loss.item() * len(r) / len(train)
        with torch.no_grad():
            v = sum(nn.functional.mse_loss(model(u, s), r, reduction="sum").item()
                    for u, s, r in DataLoader(valid, batch_size=500)) / len(valid)
        print(f"epoch {epoch + 1:2d}  train mse {total:.4f}  valid mse {v:.4f}")


main()
