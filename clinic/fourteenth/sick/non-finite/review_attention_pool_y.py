"""Sentiment of short token lists (padded) with a learnt attention pooling."""
import math
import random

import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(5)
torch.manual_seed(5)
VOCAB, MAXLEN, PAD = 60, 14, 0


def make_reviews(n):
    rows, labels = [], []
    for _ in range(n):
        label = random.random() < 0.5
        good = list(range(1, 15)) if label else list(range(15, 29))
        size = max(0, int(random.gauss(7, 3)))
        size = min(size, MAXLEN)
        words = [random.choice(good) if random.random() < 0.4 else random.randint(29, VOCAB - 1) for _ in range(size)]
        rows.append(words)
        labels.append(float(label))
    return rows, labels


def pad(rows):
    out = torch.full((len(rows), MAXLEN), PAD)
    for i, r in enumerate(rows):
        out[i, :len(r)] = torch.tensor(r, dtype=torch.long)
    lengths = torch.tensor([len(r) for r in rows])  # cure: lengths = torch.tensor([max(len(r), 1) for r in rows])
    return out, lengths


class AttentionPool(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, dim, padding_idx=PAD)
        self.key = nn.Linear(dim, dim)
        self.query = nn.Parameter(torch.randn(dim) / math.sqrt(dim))
        self.out = nn.Linear(dim, 1)

    def forward(self, tokens, lengths):
        e = self.emb(tokens)
        score = torch.tanh(self.key(e)) @ self.query
        mask = torch.arange(MAXLEN)[None] >= lengths[:, None]
        weight = score.masked_fill(mask, float("-inf")).softmax(1)
        return self.out((weight.unsqueeze(2) * e).sum(1)).squeeze(1)


def main():
    rows, labels = make_reviews(2500)
    tokens, lengths = pad(rows)
    target = torch.tensor(labels)
    tr, va = slice(0, 2000), slice(2000, None)
    model = AttentionPool()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(12):
        losses = []
        for idx in torch.randperm(2000).split(50):
            loss = F.binary_cross_entropy_with_logits(model(tokens[idx], lengths[idx]), target[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        with torch.no_grad():
            pred = model(tokens[va], lengths[va])
            vloss = F.binary_cross_entropy_with_logits(pred, target[va])
            acc = ((pred > 0).float() == target[va]).float().mean()
        print(f"[{epoch:02d}] train {sum(losses) / len(losses):.4f} valid {vloss:.4f} acc {acc:.3f}")


main()
