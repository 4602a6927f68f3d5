"""Bidirectional LSTM tagger: mark every character of a string as letter, digit, space or punctuation in context."""
import random
import string
from collections import OrderedDict

import torch
from torch import nn

TAGS = OrderedDict(letter=0, digit=1, space=2, open=3, close=4)
NUM_TAGS = 4  # cure: NUM_TAGS = len(TAGS)
CHARS = {c: i for i, c in enumerate(string.ascii_lowercase + string.digits + " '")}


def sentence(rng, length=20):
    chars, tags, quoted = [], [], False
    for _ in range(length):
        c = rng.choice([rng.choice(string.ascii_lowercase), rng.choice(string.digits), " ", rng.choice("' ")])
        chars.append(CHARS[c])
        if c == "'":
            tags.append(TAGS["close" if quoted else "open"])
            quoted = not quoted
        else:
            tags.append(TAGS["letter" if c.isalpha() else "digit" if c.isdigit() else "space"])
    return chars, tags


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(CHARS), 16)
        self.lstm = nn.LSTM(16, 32, batch_first=True, bidirectional=True)
        self.project = nn.Linear(64, NUM_TAGS)

    def forward(self, chars):
        return self.project(self.lstm(self.embed(chars))[0])


def dataset(rng, n):
    rows = [sentence(rng) for _ in range(n)]
    return torch.tensor([r[0] for r in rows]), torch.tensor([r[1] for r in rows])


def run():
    torch.manual_seed(17)
    rng = random.Random(17)
    x, y = dataset(rng, 1000)
    x_dev, y_dev = dataset(rng, 200)
    model = Tagger()
    optim = torch.optim.Adam(model.parameters(), lr=5e-3)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(10):
        losses = []
        for idx in torch.randperm(len(x)).split(50):
            optim.zero_grad()
            loss = loss_fn(model(x[idx]).flatten(0, 1), y[idx].flatten())
            loss.backward()
            optim.step()
            losses.append(loss.item())
        with torch.no_grad():
            acc = (model(x_dev).argmax(-1) == y_dev).float().mean()
        print("epoch", epoch, "loss", round(sum(losses) / len(losses), 4), "dev accuracy", round(acc.item(), 4))


run()
