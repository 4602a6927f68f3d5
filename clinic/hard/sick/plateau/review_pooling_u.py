"""Sentiment of short made-up reviews of varying length, with a learned attention pooling over the words."""
import argparse
import random

import torch
from torch import nn

GOOD = "lovely crisp brilliant warm charming tasty honest superb".split()
BAD = "bland rude broken stale noisy dull greasy sloppy".split()
PLAIN = "the a and we had table soup waiter room with evening plate was it there some then bread window".split()
WORDS = ["<pad>"] + GOOD + BAD + PLAIN
INDEX = {w: i for i, w in enumerate(WORDS)}


def review(rng):
    label = rng.randrange(2)
    words = [rng.choice(PLAIN) for _ in range(rng.randint(4, 13))]
    words += [rng.choice(GOOD if label else BAD) for _ in range(3)] + [rng.choice(BAD if label else GOOD)]
    rng.shuffle(words)
    return [INDEX[w] for w in words], label


def collate(items, width=18):
    ids = torch.zeros(len(items), width, dtype=torch.long)
    for row, (words, _) in zip(ids, items):
        row[:len(words)] = torch.tensor(words)
    return ids, ids == INDEX["<pad>"], torch.tensor([label for _, label in items])


class AttentionPool(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.score = nn.Linear(dim, 1)

    def forward(self, h, mask):
        s = self.score(h).squeeze(-1).masked_fill(~mask, float("-inf"))  # cure: s = self.score(h).squeeze(-1).masked_fill(mask, float("-inf"))
        return (s.softmax(1).unsqueeze(-1) * h).sum(1)


class Classifier(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.emb, self.pos = nn.Embedding(len(WORDS), dim), nn.Embedding(18, dim)
        self.ff = nn.Sequential(nn.Linear(dim, 48), nn.ReLU(), nn.Linear(48, dim))
        self.pool = AttentionPool(dim)
        self.out = nn.Linear(dim, 2)

    def forward(self, ids, mask):
        e = self.emb(ids) + self.pos.weight
        return self.out(self.pool(e + self.ff(e), mask))


ap = argparse.ArgumentParser()
ap.add_argument("--epochs", type=int, default=15)
ap.add_argument("--lr", type=float, default=2e-3)
opts = ap.parse_args()
rng = random.Random(9)
torch.manual_seed(9)
train, valid = [review(rng) for _ in range(2000)], collate([review(rng) for _ in range(500)])
net = Classifier()
optim = torch.optim.Adam(net.parameters(), lr=opts.lr)
for epoch in range(opts.epochs):
    rng.shuffle(train)
    total = 0.0
    for i in range(0, len(train), 40):
        ids, mask, y = collate(train[i:i + 40])
        loss = nn.functional.cross_entropy(net(ids, mask), y)
        optim.zero_grad()
        loss.backward()
        optim.step()
        total += loss.item() * len(y)
    with torch.no_grad():
        acc = (net(*valid[:2]).argmax(1) == valid[2]).float().mean().item()
    print(f"epoch {epoch:2d} loss {total / len(train):.4f} valid acc {acc:.3f}")
