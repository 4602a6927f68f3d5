"""Guess the language of a surname from its letters (character LSTM)."""
import random

import torch
import torch.nn as nn

random.seed(0)
torch.manual_seed(0)
SYLL = {
    "it": (["ro", "ma", "bel", "ca", "fe", "lu"], ["ini", "etti", "ano", "ese", "ucci"]),
    "pl": (["ko", "wal", "no", "zie", "mar", "kra"], ["ski", "wicz", "czyk", "owa", "ek"]),
    "sv": (["an", "jo", "li", "ber", "hol", "gu"], ["sson", "berg", "lund", "strom", "gren"]),
    "gr": (["pa", "ni", "ka", "the", "do", "sta"], ["poulos", "akis", "idis", "atos", "ellis"]),
}
LANGS = sorted(SYLL)
CHARS = " abcdefghijklmnopqrstuvwxyz"


def surname(lang):
    head, tail = SYLL[lang]
    return "".join(random.choices(head, k=random.randint(1, 3))) + random.choice(tail)


def tensor(names, width=16):
    return torch.tensor([[CHARS.index(c) for c in n[:width].ljust(width)] for n in names])


def dataset(n):
    langs = [random.randrange(len(LANGS)) for _ in range(n)]
    return tensor([surname(LANGS[k]) for k in langs]), torch.tensor(langs)


class NameNet(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.embed = nn.Embedding(len(CHARS), 16)
        self.rnn = nn.LSTM(16, hidden, batch_first=True)
        self.head = nn.Linear(hidden, len(LANGS))

    def forward(self, ids):
        out, _ = self.rnn(self.embed(ids))
        return self.head(out.mean(1))


def train_epoch(net, opt, x, y):
    total, batches = 0.0, torch.randperm(len(x)).split(50)
    for b in batches:
        # cure: opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x[b]), y[b])
        loss.backward()
        opt.step()
        total += loss.item() / len(batches)
    return total


x, y = dataset(2000)
xt, yt = dataset(500)
net = NameNet()
opt = torch.optim.SGD(net.parameters(), lr=0.3, momentum=0.9)
for epoch in range(8):
    loss = train_epoch(net, opt, x, y)
    with torch.no_grad():
        acc = (net(xt).argmax(1) == yt).float().mean().item()
    print(f"epoch {epoch + 1}: train loss {loss:.4f}, test accuracy {acc:.3f}")
