"""Origin of invented surnames (four 'languages' made of typical syllables) with a character GRU."""
import random

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

SYLLABLES = {
    "north": "berg holm sten lund dal vik strand gard mark son".split(),
    "south": "ella ino ardo etti rossi bello oni ucci mar son".split(),
    "east": "ovic enko ski dal mar itsch ova berg ak uk".split(),
    "west": "ford ton ley holm mark wood ham ella wick ski".split(),
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ORIGINS = list(SYLLABLES)


def surname(rng):
    k = rng.randrange(4)
    source = rng.randrange(4) if rng.random() < 0.15 else k
    parts = [rng.choice(SYLLABLES[ORIGINS[source]]) for _ in range(2)]
    return rng.choice(LETTERS) + rng.choice("aeiou") + "".join(parts), k


def encode(names):
    rows = [torch.tensor([LETTERS.index(c) + 1 for c in n]) for n in names]
    return pad_sequence(rows, batch_first=True)


class CharGRU(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(27, 24, padding_idx=0)
        self.gru = nn.GRU(24, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 4)

    def forward(self, x):
        out, _ = self.gru(self.emb(x))
        last = out[torch.arange(len(x)), (x > 0).sum(1) - 1]
        return self.fc(last)


torch.manual_seed(80)
rng = random.Random(80)
names, origin = zip(*(surname(rng) for _ in range(700)))
x, y = encode(names), torch.tensor(origin)
x_tr, y_tr, x_va, y_va = x[:350], y[:350], x[350:], y[350:]
model = CharGRU()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
history = []
for epoch in range(1, 41):
    model.train()
    total = 0.0
    for idx in torch.randperm(350).split(25):
        loss = nn.functional.cross_entropy(model(x_tr[idx]), y_tr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    model.eval()
    with torch.no_grad():
        out = model(x_va)
        val = nn.functional.cross_entropy(out, y_va).item()
    print(f"epoch {epoch:2d}  train {total / 350:.3f}  val {val:.3f}  val acc {(out.argmax(1) == y_va).float().mean().item():.3f}")
    history.append(val)
    # cure: if epoch - history.index(min(history)) > 2: break
