"""Film ratings by matrix factorisation: viewers and films get factors, a rating is their product plus biases."""
import argparse
import torch
from torch import nn


def synthetic_ratings(viewers, films, rank, n):
    u, v = torch.randn(viewers, rank), torch.randn(films, rank)
    full = 3.5 + (u @ v.T) / rank ** 0.5
    who, what = torch.randint(viewers, (n,)), torch.randint(films, (n,))
    return who, what, full[who, what] + 0.2 * torch.randn(n)


class Factors(nn.Module):
    def __init__(self, viewers, films, dim):
        super().__init__()
        self.viewer = nn.Embedding(viewers, dim)
        self.film = nn.Embedding(films, dim)
        self.viewer_bias = nn.Embedding(viewers, 1)
        self.film_bias = nn.Embedding(films, 1)
        self.mean = nn.Parameter(torch.tensor(3.5))
        for e in (self.viewer_bias, self.film_bias):
            nn.init.zeros_(e.weight)
        for e in (self.viewer, self.film):
            nn.init.constant_(e.weight, 0.1)  # cure: nn.init.normal_(e.weight, std=0.3)

    def forward(self, who, what):
        dot = (self.viewer(who) * self.film(what)).sum(1)
        return self.mean + dot + self.viewer_bias(who).squeeze(1) + self.film_bias(what).squeeze(1)


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--dim", type=int, default=6)
    ap.add_argument("--lr", type=float, default=0.02)
    ap.add_argument("--epochs", type=int, default=12)
    opts = ap.parse_args()
    torch.manual_seed(77)
    who, what, stars = synthetic_ratings(120, 100, 4, 9000)
    cut = 7500
    net = Factors(120, 100, opts.dim)
    optim = torch.optim.Adam(net.parameters(), lr=opts.lr)
    for ep in range(opts.epochs):
        for b in torch.randperm(cut).split(125):
            loss = ((net(who[b], what[b]) - stars[b]) ** 2).mean()
            optim.zero_grad()
            loss.backward()
            optim.step()
        with torch.no_grad():
            rmse = [((net(who[s], what[s]) - stars[s]) ** 2).mean().sqrt().item() for s in (slice(0, cut), slice(cut, None))]
        print(f"epoch {ep + 1:2d}: rmse train {rmse[0]:.3f} held out {rmse[1]:.3f}")
