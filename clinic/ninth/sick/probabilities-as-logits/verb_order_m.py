"""Sorts short sentences of a made-up grammar into statements, questions, commands and nonsense (embedding + Conv1d)."""
import random

import torch
import torch.nn as nn

NOUN, VERB, ADJ, AUX = (["dog", "cat", "tree", "king"], ["sees", "eats", "finds"], ["old", "red", "big"], ["does", "can"])
KINDS = ["statement", "question", "command", "nonsense"]
random.seed(3)


def noun_phrase():
    return ([random.choice(ADJ)] if random.random() < 0.5 else []) + [random.choice(NOUN)]


def sentence(kind):
    verb, aux = random.choice(VERB), random.choice(AUX)
    if kind == 0:
        return noun_phrase() + [verb] + noun_phrase()
    if kind == 1:
        return [aux] + noun_phrase() + [verb] + noun_phrase()
    if kind == 2:
        return [verb] + noun_phrase()
    words = noun_phrase() + [verb] + [aux] + noun_phrase()
    return words


VOCAB = {w: i + 1 for i, w in enumerate(NOUN + VERB + ADJ + AUX)}


def corpus(n):
    kinds = [random.randrange(4) for _ in range(n)]
    rows = [[VOCAB[w] for w in sentence(k)] for k in kinds]
    return torch.tensor([r + [0] * (8 - len(r)) for r in rows]), torch.tensor(kinds)


class Sorter(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(len(VOCAB) + 1, 12)
        self.conv = nn.Conv1d(12, 24, 3, padding=1)
        self.out = nn.Linear(24 * 8, 4)

    def forward(self, x):
        h = torch.relu(self.conv(self.emb(x).transpose(1, 2)))
        return self.out(h.flatten(1)).softmax(dim=-1)  # cure: return self.out(h.flatten(1))


torch.manual_seed(130)
(x, y), (xt, yt) = corpus(1500), corpus(300)
net = Sorter()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(1, 9):
    tot = 0.0
    for i in torch.randperm(len(y)).split(50):
        loss = ce(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(i) / len(y)
    with torch.no_grad():
        z = net(xt)
    print(f"epoch {epoch} loss {tot:.4f} test loss {ce(z, yt):.4f} test acc {(z.argmax(1) == yt).float().mean():.4f}")
