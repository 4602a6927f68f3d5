"""Learns to rank search results from pairs (RankNet): only differences of scores matter, so the score has no fixed level."""
import numpy as np
import torch
from torch import nn


class Ranker(nn.Module):
    def __init__(self, n_in):
        super().__init__()
        self.score = nn.Sequential(nn.Linear(n_in, 32), nn.ReLU(), nn.Linear(32, 1, bias=False))

    def forward(self, docs):
        return self.score(docs).squeeze(-1)


def queries(n, per_query, rng):
    docs = rng.normal(size=(n, per_query, 8))
    worth = docs[..., 0] + np.maximum(docs[..., 1], 0) * 1.5 - np.abs(docs[..., 2]) + 0.2 * rng.normal(size=(n, per_query))
    return torch.tensor(docs, dtype=torch.float32), torch.tensor(worth, dtype=torch.float32)


def ndcg(scores, worth):
    gain = (worth.argsort(1).argsort(1) / 3.0).exp()
    disc = 1 / torch.log2(torch.arange(worth.shape[1]) + 2.0)
    order = scores.argsort(1, descending=True)
    got = (gain.gather(1, order) * disc).sum(1)
    best = (gain.sort(1, descending=True).values * disc).sum(1)
    return (got / best).mean().item()


def main():
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    docs, worth = queries(400, 10, rng)
    vdocs, vworth = queries(150, 10, rng)
    model = Ranker(8)
    opt = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-5)
    print(f"untrained ndcg {ndcg(model(vdocs).detach(), vworth):.4f}")
    for epoch in range(15):
        for q in torch.randperm(400).split(10):
            s = model(docs[q])
            ds = s[:, :, None] - s[:, None, :]
            better = (worth[q][:, :, None] > worth[q][:, None, :]).float()
            loss = (nn.functional.softplus(-ds) * better).sum() / better.sum()
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 2 == 0:
            with torch.no_grad():
                print(f"epoch {epoch + 1}: pair loss {loss.item():.4f} ndcg {ndcg(model(vdocs), vworth):.4f}")


main()
