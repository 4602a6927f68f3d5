"""Learns to rank hotels: lists of 8 with graded relevance, ListNet loss, NDCG on unseen queries; the score needs no bias."""
import torch
from torch import nn

G = torch.Generator().manual_seed(216)


def queries(n):
    query = torch.randn(n, 1, 4, generator=G).expand(n, 8, 4)
    hotel = torch.randn(n, 8, 4, generator=G)
    match = (query * hotel).sum(-1) / 2 + 0.7 * hotel[..., 0] + 0.2 * torch.randn(n, 8, generator=G)
    grade = (match.argsort(1).argsort(1) // 2).float()
    return torch.cat([query, hotel], -1), grade


def ndcg(score, grade):
    disc = 1 / torch.log2(torch.arange(8) + 2.0)
    got = (2 ** grade.gather(1, score.argsort(1, descending=True)) - 1) @ disc
    best = (2 ** grade.sort(1, descending=True).values - 1) @ disc
    return (got / best).mean().item()


class Scorer(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, d), nn.SiLU(), nn.Linear(d, d), nn.SiLU(), nn.Linear(d, 1, bias=False))

    def forward(self, x):
        return self.net(x).squeeze(-1)


def listnet(score, grade):
    return -(grade.softmax(1) * score.log_softmax(1)).sum(1).mean()


def main():
    torch.manual_seed(217)
    (x, g), (xt, gt) = queries(3000), queries(500)
    scorer = Scorer()
    opt = torch.optim.NAdam(scorer.parameters(), lr=2e-3)
    floor = -(g.softmax(1) * g.log_softmax(1)).sum(1).mean().item()
    print(f"entropy of the target lists (lowest possible loss) {floor:.4f}; untrained ndcg {ndcg(scorer(xt), gt):.4f}")
    for epoch in range(1, 21):
        total = 0.0
        for i in torch.randperm(3000).split(60):
            loss = listnet(scorer(x[i]), g[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / 50
        if epoch % 2 == 0:
            with torch.no_grad():
                s = scorer(xt)
            print(f"epoch {epoch} loss {total:.4f} test {listnet(s, gt):.4f} ndcg {ndcg(s, gt):.4f}")


main()
