"""Classify short synthetic documents into five topics: embedding bag plus attention pooling, trained with AdamW."""
import argparse

import torch
import torch.nn.functional as F
from torch import nn

TOPICS, VOCAB, WORDS = 5, 200, 20


def corpus(n, g):
    topic = torch.randint(0, TOPICS, (n,), generator=g)
    general = torch.randint(0, VOCAB, (n, WORDS), generator=g)
    special = topic[:, None] * 8 + torch.randint(0, 8, (n, WORDS), generator=g)
    is_special = torch.rand(n, WORDS, generator=g) < 0.25
    return torch.where(is_special, special, general), topic


class TopicNet(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, d)
        self.attend = nn.MultiheadAttention(d, 4, batch_first=True)
        self.norm = nn.LayerNorm(d)
        self.score = nn.Linear(d, 1)
        self.head = nn.Linear(d, TOPICS)

    def forward(self, doc):
        h = self.embed(doc)
        h = self.norm(h + self.attend(h, h, h, need_weights=False)[0])
        weight = self.score(h).softmax(1)
        return self.head((weight * h).sum(1))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--lr", type=float, default=2e-5)  # cure: p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--epochs", type=int, default=5)
    args = p.parse_args()
    torch.manual_seed(5)
    g = torch.Generator().manual_seed(5)
    docs, topics = corpus(4000, g)
    vdocs, vtopics = corpus(1000, g)
    net = TopicNet()
    opt = torch.optim.AdamW(net.parameters(), lr=args.lr, weight_decay=0.01)
    for epoch in range(args.epochs):
        total = 0.0
        for idx in torch.randperm(len(docs), generator=g).split(64):
            opt.zero_grad()
            loss = F.cross_entropy(net(docs[idx]), topics[idx])
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        with torch.no_grad():
            out = net(vdocs)
        print(f"epoch {epoch} train {total / len(docs):.3f} valid {F.cross_entropy(out, vtopics):.3f} "
              f"accuracy {(out.argmax(1) == vtopics).float().mean():.3f}")


if __name__ == "__main__":
    main()
