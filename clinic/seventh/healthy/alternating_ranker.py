"""Learning to rank answers (pairwise logistic loss), two towers in turn: even epochs train the queries, odd ones the answers."""
import torch
from torch import nn


class Towers(nn.Module):
    def __init__(self, d=10, h=32, k=8):
        super().__init__()
        tower = lambda: nn.Sequential(nn.Linear(d, h), nn.ReLU(), nn.Linear(h, k))
        self.query, self.answer = tower(), tower()

    def score(self, q, a):
        return (self.query(q) * self.answer(a)).sum(-1)


def triples(n, w):
    q, a, b = torch.randn(3, n, 10)
    rel = lambda d: (torch.tanh(q @ w) * (d @ w)).sum(1)
    better = (rel(a) > rel(b))[:, None]
    return q, torch.where(better, a, b), torch.where(better, b, a)


def pair_loss(model, q, good, bad):
    return nn.functional.softplus(model.score(q, bad) - model.score(q, good)).mean()


def main():
    torch.manual_seed(60)
    w = torch.randn(10, 2) / 3
    train, test = triples(6000, w), triples(1000, w)
    model = Towers()
    opts = [torch.optim.Adam(model.query.parameters(), lr=3e-3), torch.optim.Adam(model.answer.parameters(), lr=3e-3)]
    for epoch in range(14):
        opt = opts[epoch % 2]
        total = 0.0
        for i in torch.randperm(6000).split(80):
            model.zero_grad()
            loss = pair_loss(model, *(t[i] for t in train))
            loss.backward()
            opt.step()
            total += loss.item() / 75
        with torch.no_grad():
            q, g, b = test
            order = (model.score(q, g) > model.score(q, b)).float().mean().item()
            print(f"epoch {epoch:2d} ({'query' if epoch % 2 == 0 else 'answer'}) train {total:.4f} test {pair_loss(model, *test).item():.4f} pairs in order {order:.3f}")


main()
