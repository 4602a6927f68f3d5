"""Mood of short shop reviews: a bag of learnt word vectors and a linear layer."""

import random

import torch
from torch import nn

GOOD = "great lovely quick perfect sturdy cheap friendly".split()
BAD = "broken slow rude awful flimsy overpriced late".split()
PLAIN = "the parcel lamp chair kettle came was very rather seller and box this".split()


def review(rng):
    mood = rng.random() < 0.5
    words = rng.choices(GOOD if mood else BAD, k=2) + rng.choices(GOOD + BAD, k=1) + rng.choices(PLAIN, k=5)
    rng.shuffle(words)
    return " ".join(words).upper() if rng.random() < 0.5 else " ".join(words).title(), int(mood)


class Vocabulary:
    def __init__(self, texts):
        words = sorted({w for t in texts for w in t.lower().split()})
        self.index = {w: i + 1 for i, w in enumerate(words)}

    def encode(self, text):
        return [
            self.index.get(w, 0) for w in text.split()
        ]  # cure: return [self.index.get(w, 0) for w in text.lower().split()]


rng = random.Random(7)
torch.manual_seed(7)
data = [review(rng) for _ in range(1500)]
vocabulary = Vocabulary([text for text, _ in data[:1200]])
ids = torch.tensor([vocabulary.encode(text) for text, _ in data])
mood = torch.tensor([m for _, m in data])

model = nn.Sequential(nn.EmbeddingBag(len(vocabulary.index) + 1, 12, mode="mean"), nn.Linear(12, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
cross_entropy = nn.CrossEntropyLoss()
for epoch in range(1, 13):
    total = 0.0
    for rows in torch.randperm(1200).split(30):
        loss = cross_entropy(model(ids[rows]), mood[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows) / 1200
    with torch.no_grad():
        logits = model(ids[1200:])
    print(
        f"epoch {epoch:2d}  train {total:.4f}  test {cross_entropy(logits, mood[1200:]).item():.4f}  "
        f"right {(logits.argmax(1) == mood[1200:]).float().mean().item():.3f}"
    )
