"""Guess the language of an invented word from its letters (character embedding + GRU)."""
import random

import torch
import torch.nn as nn

random.seed(13)
torch.manual_seed(13)
SYLLABLES = {
    "north": ["sk", "jor", "und", "heim", "lar", "vik", "sen", "bra"],
    "south": ["lo", "ri", "ca", "nel", "to", "via", "sco", "ma"],
    "east": ["shi", "ka", "ro", "mu", "ta", "no", "ki", "ma"],
    "west": ["gwy", "dd", "lan", "ro", "fan", "ca", "ll", "bra"],
}
LANGS = list(SYLLABLES)
LETTERS = {c: i + 1 for i, c in enumerate("abcdefghijklmnopqrstuvwxyz")}


def word():
    lang = random.randrange(4)
    text = "".join(random.choice(SYLLABLES[LANGS[lang]]) for _ in range(random.randint(2, 4)))
    return text[:14], lang


def encode(words):
    out = torch.zeros(len(words), 14, dtype=torch.long)
    for i, w in enumerate(words):
        out[i, :len(w)] = torch.tensor([LETTERS[c] for c in w])
    return out


class Guesser(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 16, padding_idx=0)
        self.gru = nn.GRU(16, 32, batch_first=True)
        self.out = nn.Linear(32, 4)

    def forward(self, w):
        h, _ = self.gru(self.emb(w))
        return self.out(h.masked_fill((w == 0).unsqueeze(2), -1.0).amax(1))


pairs = [word() for _ in range(2400)]
words, langs = encode([p[0] for p in pairs]), torch.tensor([p[1] for p in pairs])
model = Guesser()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(15):
    running = 0.0
    optimizer.zero_grad()
    for idx in torch.randperm(2000).split(40):
        # cure: optimizer.zero_grad()
        loss = loss_fn(model(words[idx]), langs[idx])
        loss.backward()
        optimizer.step()
        running += loss.item() / 50
    with torch.no_grad():
        acc = (model(words[2000:]).argmax(1) == langs[2000:]).float().mean().item()
    print(f"epoch {epoch + 1}: loss {running:.4f} test accuracy {acc:.3f}")
