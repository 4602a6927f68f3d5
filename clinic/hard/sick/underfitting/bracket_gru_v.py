"""Reads a string of brackets of three kinds and says which kind has to be closed next (or none)."""
import random

import torch
import torch.nn as nn

OPEN, CLOSE = "([{", ")]}"
ALPHABET = OPEN + CLOSE
LENGTH, MAX_DEPTH = 14, 3


def bracket_string(rng):
    stack, out = [], []
    while len(out) < LENGTH:
        if stack and (len(stack) == MAX_DEPTH or rng.random() < 0.5):
            out.append(CLOSE[stack.pop()])
        else:
            stack.append(rng.randrange(3))
            out.append(OPEN[stack[-1]])
    return [ALPHABET.index(c) for c in out]


def prefixes(rng, n):
    """Answers after every symbol, not just the last."""
    xs, ys = [], []
    for _ in range(n):
        s = bracket_string(rng)
        stack, y = [], []
        for c in s:
            stack.append(c) if c < 3 else stack.pop()
            y.append(stack[-1] if stack else 3)
        xs.append(s)
        ys.append(y)
    return torch.tensor(xs), torch.tensor(ys)


class BracketReader(nn.Module):
    def __init__(self, n_symbols, n_answers, emb=16, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(n_symbols, emb)
        self.rnn = nn.GRU(emb, hidden, batch_first=True)
        self.out = nn.Linear(hidden, n_answers)

    def forward(self, x):
        return self.out(self.rnn(self.emb(x))[0])


rng = random.Random(40)
torch.manual_seed(40)
tx, ty = prefixes(rng, 2000)
vx, vy = prefixes(rng, 400)
model = BracketReader(len(ALPHABET), 4, 16, MAX_DEPTH)  # cure: model = BracketReader(len(ALPHABET), 4, 16)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 16, eta_min=5e-4)
lossf = nn.CrossEntropyLoss()
for epoch in range(16):
    total = 0.0
    for b in torch.randperm(len(tx)).split(40):
        loss = lossf(model(tx[b]).flatten(0, 1), ty[b].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item()
    scheduler.step()
    with torch.no_grad():
        out = model(vx)
        vl, acc = lossf(out.flatten(0, 1), vy.flatten()).item(), (out.argmax(-1) == vy).float().mean().item()
    print(f"epoch {epoch:2d} | train {total / (len(tx) / 40):.4f} | valid {vl:.4f} | right answers {acc:.2%}")
