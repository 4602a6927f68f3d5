"""Letter-by-letter language model, one line at a time (layer norm), gradients gathered over eight lines per update."""
import random
import torch
from torch import nn
import torch.nn.functional as F

random.seed(7)
torch.manual_seed(7)
WHO = ["the cat", "a small dog", "the old man", "my aunt", "a bird"]
DOES = ["sat on", "looked at", "ran to", "slept under", "sang about"]
WHAT = ["the mat", "a tree", "the red house", "the moon", "a boat"]


def line():
    return f"{random.choice(WHO)} {random.choice(DOES)} {random.choice(WHAT)}.\n"


CHARS = sorted(set("".join(WHO + DOES + WHAT) + " .\n"))


def ids(text):
    return torch.tensor([[CHARS.index(c) for c in text]])


class LM(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.emb = nn.Embedding(len(CHARS), 24)
        self.gru = nn.GRU(24, width, batch_first=True)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, len(CHARS))

    def forward(self, x):
        return self.out(self.norm(self.gru(self.emb(x))[0]))


def loss_on(model, text):
    t = ids("\n" + text)
    return F.cross_entropy(model(t[:, :-1]).flatten(0, 1), t[0, 1:])


model = LM()
opt = torch.optim.Adam(model.parameters(), lr=8e-3)
held_out = [line() for _ in range(40)]
GATHER = 8
opt.zero_grad()
for n in range(1, 961):
    (loss_on(model, line()) / GATHER).backward()
    if n % GATHER == 0:
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        opt.zero_grad()
    if n % 120 == 0:
        with torch.no_grad():
            bits = sum(loss_on(model, t).item() for t in held_out) / len(held_out) / 0.6931
        print(f"after {n} lines: {bits:.3f} bits per letter")
