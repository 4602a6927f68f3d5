"""Sentiment of short hotel reviews: averaged word embeddings and a small classifier."""
import random
import re

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset

GOOD = "friendly clean quiet spacious delicious comfortable helpful lovely bright charming"
BAD = "rude dirty noisy cramped stale broken smelly cold overpriced shabby"
NOUNS = "room staff breakfast bed bathroom lobby pool view reception parking"
PATTERNS = ["THE {n} WAS {a} AND THE {m} WAS {b}.", "{n}: {a}, {m}: {b}!", "WE FOUND A {a} {n} AND A {b} {m}",
            "VERY {a} {n}. ALSO {b} {m}.", "THE {b} {m} MADE UP FOR THE {n}, WHICH WAS {c}"]


def write_review(rnd):
    good = rnd.random() < 0.5
    own, other = (GOOD, BAD) if good else (BAD, GOOD)
    a, b = rnd.sample(own.upper().split(), 2)
    c = rnd.choice(other.upper().split())
    n, m = rnd.sample(NOUNS.upper().split(), 2)
    return rnd.choice(PATTERNS).format(a=a, b=b, c=c, n=n, m=m), int(good)


class Vocabulary:
    def __init__(self, text):
        self.index = {w: i for i, w in enumerate(sorted(set(text.lower().split())), start=1)}

    def __len__(self):
        return len(self.index) + 1

    def encode(self, review, length=12):
        words = re.findall(r"\w+", review)  # cure: words = re.findall(r"\w+", review.lower())
        ids = [self.index.get(w, 0) for w in words][:length]
        return ids + [0] * (length - len(ids))


class Reviews(Dataset):
    def __init__(self, pairs, vocab):
        self.ids = torch.tensor([vocab.encode(t) for t, _ in pairs])
        self.labels = torch.tensor([float(l) for _, l in pairs])

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, i):
        return self.ids[i], self.labels[i]


class SentimentNet(nn.Module):
    def __init__(self, n_words, dim=24):
        super().__init__()
        self.embed = nn.Embedding(n_words, dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, ids):
        return self.mlp(self.embed(ids).mean(1)).squeeze(1)


torch.manual_seed(0)
vocab = Vocabulary(" ".join([GOOD, BAD, NOUNS, "the was and we found a very also made up for which"]))
rnd = random.Random(1)
pool = list(dict.fromkeys(write_review(rnd) for _ in range(6000)))
train = DataLoader(Reviews(pool[800:], vocab), batch_size=64, shuffle=True)
test = Reviews(pool[:800], vocab)
model = SentimentNet(len(vocab))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(12):
    total = 0.0
    for ids, label in train:
        loss = nn.functional.binary_cross_entropy_with_logits(model(ids), label)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        acc = ((model(test.ids) > 0).float() == test.labels).float().mean().item()
    print(f"epoch {epoch:2d}  loss {total / len(train):.4f}  test accuracy {acc:.3f}")
