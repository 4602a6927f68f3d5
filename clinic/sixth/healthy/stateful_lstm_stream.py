"""Character model over one long text stream, read in order with the LSTM state carried on (truncated BPTT)."""
import random

import torch
from torch import nn

random.seed(4)
torch.manual_seed(4)
ANIMALS = {"the cat": "meows", "the dog": "barks", "a cow": "moos", "one owl": "hoots", "my bee": "buzzes"}


def story(sentences):
    out = []
    for _ in range(sentences):
        who = random.choice(list(ANIMALS))
        out.append(f"{who} {ANIMALS[who]} {random.choice(['softly', 'again', 'at night'])}. ")
    return "".join(out)


text = story(1500)
chars = sorted(set(text))
ids = torch.tensor([chars.index(c) for c in text])
STREAMS, SPAN = 8, 25
rows = len(ids) // STREAMS
streams = ids[: rows * STREAMS].view(STREAMS, rows)
train, held = streams[:, : rows - 300], streams[:, rows - 300:]


class CharLM(nn.Module):
    def __init__(self, v, h=64):
        super().__init__()
        self.emb, self.rnn = nn.Embedding(v, 24), nn.LSTM(24, h, batch_first=True)
        self.out = nn.Linear(h, v)

    def forward(self, x, state=None):
        h, state = self.rnn(self.emb(x), state)
        return self.out(h), state


def spans(block):
    for i in range(0, block.shape[1] - 1 - SPAN, SPAN):
        yield block[:, i:i + SPAN], block[:, i + 1:i + SPAN + 1]


model = CharLM(len(chars))
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(5):
    state, total, n = None, 0.0, 0
    for x, y in spans(train):
        if state is not None:
            state = tuple(s.detach() for s in state)
        logits, state = model(x, state)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        total, n = total + loss.item(), n + 1
    with torch.no_grad():
        v, m = 0.0, 0
        for x, y in spans(held):
            logits, state = model(x, state)
            v, m = v + nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten()).item(), m + 1
    print(f"epoch {epoch}: train {total / n:.3f} held-out {v / m:.3f} nats/char (uniform {torch.tensor(float(len(chars))).log():.2f})")
