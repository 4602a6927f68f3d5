"""Marks the parts of an address line (number, street, town, code) character by character."""

import random

import torch
import torch.nn as nn
import torch.nn.functional as F

STREETS = ["high street", "mill lane", "park road", "old quay", "church walk", "station road"]
TOWNS = ["ashford", "kendal", "oban", "truro", "wells", "stirling", "leek"]
PARTS = ["number", "street", "town", "code"]
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789 ,"
PAD = len(PARTS)


def address(rng):
    pieces = [
        (str(rng.randint(1, 250)) + " ", 0),
        (rng.choice(STREETS) + ", ", 1),
        (rng.choice(TOWNS) + " ", 2),
        (rng.choice("abkt") + str(rng.randint(10, 99)) + rng.choice("xyz"), 3),
    ]
    if rng.random() < 0.4:
        pieces = [pieces[1], pieces[0], pieces[3], (" " + pieces[2][0], 2)]
    text = "".join(p for p, _ in pieces)
    return [ALPHABET.index(c) for c in text], [part for p, part in pieces for _ in p]


def collate(rows):
    longest = max(len(chars) for chars, _ in rows)
    chars = torch.tensor([c + [len(ALPHABET)] * (longest - len(c)) for c, _ in rows])
    parts = torch.tensor([p + [PAD] * (longest - len(p)) for _, p in rows])
    return chars, parts


class Parser(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(ALPHABET) + 1, 16, padding_idx=len(ALPHABET))
        self.lstm = nn.LSTM(16, 24, bidirectional=True, batch_first=True)
        self.out = nn.Linear(48, len(PARTS))

    def forward(self, chars):
        return self.out(self.lstm(self.embed(chars))[0])


def criterion(logits, parts):
    return F.cross_entropy(
        logits.transpose(1, 2), parts
    )  # cure: return F.cross_entropy(logits.transpose(1, 2), parts, ignore_index=PAD)


rng = random.Random(3)
torch.manual_seed(3)
parser = Parser()
optimizer = torch.optim.Adam(parser.parameters(), lr=3e-3)
test_chars, test_parts = collate([address(rng) for _ in range(200)])
for step in range(1, 241):
    chars, parts = collate([address(rng) for _ in range(32)])
    loss = criterion(parser(chars), parts)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 30 == 0:
        with torch.no_grad():
            guess = parser(test_chars).argmax(2)
        real = test_parts != PAD
        print(f"step {step}: loss {loss.item():.3f}, characters right {(guess == test_parts)[real].float().mean():.3f}")
