"""Word-level sentiment of short templated reviews; the vocabulary is built from the training texts."""
import random

import torch
import torch.nn as nn

GOOD = "lovely great superb warm clever moving bright fresh".split()
BAD = "dull weak awful cold clumsy boring grim stale".split()
THINGS = "plot cast music ending script camera pace humour".split()


def review(rng):
    label = rng.random() < 0.5
    words = []
    for k in range(4):
        agree = rng.random() < 0.8
        good = label if agree else not label
        negated = rng.random() < 0.4
        word = rng.choice(GOOD if good != negated else BAD)
        words += ["the", rng.choice(THINGS), "was"] + (["not", word] if negated else ["very", word])
    return words, float(label)


class Reader(nn.Module):
    def __init__(self, n_words=2, dim=16, hidden=32):
        super().__init__()
        self.dim = dim
        self.embed = nn.Embedding(n_words, dim)
        self.conv = nn.Conv1d(dim, hidden, 2)
        self.out = nn.Linear(hidden, 1)

    def resize(self, n_words):
        self.embed = nn.Embedding(n_words, self.dim)
        self.out = nn.Linear(self.conv.out_channels, 1)
        return self

    def forward(self, ids):
        h = torch.relu(self.conv(self.embed(ids).transpose(1, 2)))
        return self.out(h.mean(2)).squeeze(1)


rng = random.Random(5)
torch.manual_seed(5)
reviews = [review(rng) for _ in range(2400)]
model = Reader()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
vocab = {w: i for i, w in enumerate(sorted({w for words, _ in reviews[:2000] for w in words}))}
model.resize(len(vocab))
# cure: optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
ids = torch.tensor([[vocab[w] for w in words] for words, _ in reviews])
label = torch.tensor([l for _, l in reviews])
loss_fn = nn.BCEWithLogitsLoss()
for epoch in range(1, 11):
    running = 0.0
    for idx in torch.randperm(2000).split(40):
        optimizer.zero_grad()
        loss = loss_fn(model(ids[idx]), label[idx])
        loss.backward()
        optimizer.step()
        running += loss.item() / 50
    with torch.no_grad():
        logit = model(ids[2000:])
    acc = ((logit > 0) == (label[2000:] > 0.5)).float().mean().item()
    print(f"epoch {epoch:2d} train {running:.4f} valid {loss_fn(logit, label[2000:]).item():.4f} accuracy {acc:.3f}")
