"""Sentiment of short synthetic product reviews of different lengths: embedding, packed GRU, one logit."""
import random

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader

GOOD = "great lovely sturdy quick bright charming reliable".split()
BAD = "awful flimsy slow dull noisy broken useless".split()
FILL = "the a it this box lamp came was is and with for my desk after week really quite".split()


def write_review(rng):
    label = rng.random() < 0.5
    words = [rng.choice(FILL) for _ in range(rng.randint(4, 22))]
    for _ in range(rng.randint(2, 4)):
        mine = rng.random() < 0.95
        words.insert(rng.randrange(len(words) + 1), rng.choice(GOOD if label == mine else BAD))
    return words, float(label)


class Vocabulary(dict):
    def encode(self, words):
        return torch.tensor([self.setdefault(w, len(self) + 1) for w in words])


vocab = Vocabulary()
vocab.encode(GOOD + BAD + FILL)


def collate(samples):
    texts, labels = zip(*samples)
    labels = torch.tensor(labels)
    # packing wants the longest sequence first
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    texts = [vocab.encode(texts[i]) for i in order]
    # cure: labels = labels[order]
    lengths = torch.tensor([len(t) for t in texts])
    return pad_sequence(texts, batch_first=True), lengths, labels


class Sentiment(nn.Module):
    def __init__(self, size, dim=24, hidden=32):
        super().__init__()
        self.emb = nn.Embedding(size, dim, padding_idx=0)
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.logit = nn.Linear(hidden, 1)

    def forward(self, tokens, lengths):
        _, last = self.gru(pack_padded_sequence(self.emb(tokens), lengths, batch_first=True))
        return self.logit(last[0]).squeeze(1)


if __name__ == "__main__":
    rng = random.Random(6)
    torch.manual_seed(6)
    reviews = [write_review(rng) for _ in range(2600)]
    train = DataLoader(reviews[:2200], batch_size=32, shuffle=True, collate_fn=collate)
    dev = DataLoader(reviews[2200:], batch_size=100, collate_fn=collate)
    net, bce = Sentiment(len(vocab) + 1), nn.BCEWithLogitsLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(7):
        seen = []
        for tokens, lengths, labels in train:
            optimizer.zero_grad()
            loss = bce(net(tokens, lengths), labels)
            loss.backward()
            optimizer.step()
            seen.append(loss.item())
        with torch.no_grad():
            hits = torch.cat([(net(t, n) > 0) == (l > 0.5) for t, n, l in dev]).float().mean()
        print(f"epoch {epoch}  bce {sum(seen) / len(seen):.4f}  dev accuracy {hits:.3f}")
