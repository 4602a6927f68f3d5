"""Which language does a made-up surname come from? A character-level GRU, three languages."""
import random

import torch
import torch.nn as nn

PARTS = {
    "italian": (["ro", "bel", "mar", "gal", "vi", "fer", "con"], ["li", "la", "do", "ta"], ["ni", "ti", "lla", "ssi", "no"]),
    "japanese": (["ta", "ya", "ki", "sa", "mo", "fu", "ha"], ["ka", "ma", "shi", "na"], ["moto", "mura", "da", "ta", "no"]),
    "german": (["schn", "kr", "m", "b", "f", "w", "h"], ["ei", "u", "au", "o"], ["der", "mann", "ger", "bach", "ler"]),
}
LANGS = sorted(PARTS)
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
MAXLEN = 12


def surname(rng):
    k = rng.randrange(3)
    name = "".join(rng.choice(part) for part in PARTS[LANGS[k]])
    if rng.random() < 0.5:
        spot = rng.randrange(len(name))
        name = name[:spot] + rng.choice(ALPHABET) + name[spot + 1:]
    return name[:MAXLEN], k


def encode(names):
    ids = torch.zeros(len(names), MAXLEN, dtype=torch.long)
    for row, name in enumerate(names):
        ids[row, MAXLEN - len(name):] = torch.tensor([ALPHABET.index(c) + 1 for c in name])
    return ids


class NameRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(27, 12, padding_idx=0)
        self.gru = nn.GRU(12, 32, batch_first=True)
        self.fc = nn.Linear(32, len(LANGS))

    def forward(self, ids):
        _, h = self.gru(self.embed(ids))
        return self.fc(h[0])  # cure: return torch.log_softmax(self.fc(h[0]), dim=1)


rng = random.Random(1)
torch.manual_seed(1)
pairs = [surname(rng) for _ in range(2500)]
x, y = encode([n for n, _ in pairs]), torch.tensor([k for _, k in pairs])
model = NameRNN()
criterion = nn.NLLLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 9):
    total = 0.0
    for idx in torch.randperm(2000).split(40):
        loss = criterion(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        total += loss.item() / 50
    with torch.no_grad():
        out = model(x[2000:])
        acc = (out.argmax(1) == y[2000:]).float().mean().item()
    print(f"epoch {epoch}: train loss {total:.4f}, valid loss {criterion(out, y[2000:]).item():.4f}, accuracy {acc:.3f}")
