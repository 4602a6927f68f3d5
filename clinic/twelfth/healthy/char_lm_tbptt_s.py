"""Character language model of a nursery rhyme grammar, truncated back-propagation with a carried state."""
import math
import random

import torch
import torch.nn as nn

WHO = ["the old king", "a small mouse", "my aunt", "the baker", "a grey cat"]
DID = ["went to", "ran from", "sang of", "dreamt of", "looked for"]
WHAT = ["the hill", "the market", "a silver spoon", "the moon", "a pie"]


def rhyme(rng, n):
    return " ".join(f"{rng.choice(WHO)} {rng.choice(DID)} {rng.choice(WHAT)}." for _ in range(n))


class CharLM(nn.Module):
    def __init__(self, n_chars, hidden=64):
        super().__init__()
        self.embed = nn.Embedding(n_chars, 24)
        self.lstm = nn.LSTM(24, hidden, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(hidden, n_chars)

    def forward(self, x, state):
        h, state = self.lstm(self.embed(x), state)
        return self.out(self.drop(h)), state


def streams(text, vocab, rows):
    ids = torch.tensor([vocab[c] for c in text])
    n = len(ids) // rows
    return ids[:n * rows].view(rows, n)


rng = random.Random(12)
torch.manual_seed(12)
train_text, valid_text = rhyme(rng, 700), rhyme(rng, 100)
vocab = {c: i for i, c in enumerate(sorted(set(train_text)))}
train, valid = streams(train_text, vocab, 16), streams(valid_text, vocab, 16)
model = CharLM(len(vocab))
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
BPTT = 30


def run(data, learn):
    model.train(learn)
    state, total, count = None, 0.0, 0
    for i in range(0, data.size(1) - 1 - BPTT, BPTT):
        x, y = data[:, i:i + BPTT], data[:, i + 1:i + 1 + BPTT]
        if state is not None:
            state = tuple(s.detach() for s in state)
        with torch.set_grad_enabled(learn):
            out, state = model(x, state)
            loss = nn.functional.cross_entropy(out.flatten(0, 1), y.flatten())
        if learn:
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
        total, count = total + loss.item(), count + 1
    return total / count


for epoch in range(1, 8):
    a, b = run(train, True), run(valid, False)
    print(f"epoch {epoch}: train {a:.4f} nats per character, valid perplexity {math.exp(b):.3f}")
