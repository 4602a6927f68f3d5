"""Balanced or not? GRU over bracket strings; batches hold strings of equal length, their order is drawn anew."""
import random
from collections import defaultdict
import torch
from torch import nn

CODE = {c: i for i, c in enumerate("()[]")}
PARTNER = {")": "(", "]": "["}


def balanced(s):
    stack = []
    for c in s:
        if c in "([":
            stack.append(c)
        elif not stack or stack.pop() != PARTNER[c]:
            return False
    return not stack


def make(rng, half):
    s, stack = "", []
    while len(s) < 2 * half:
        if stack and (len(stack) == 2 * half - len(s) or len(stack) >= 3 or rng.random() < 0.5):
            s += {"(": ")", "[": "]"}[stack.pop()]
        else:
            stack.append(rng.choice("(["))
            s += stack[-1]
    if rng.random() < 0.5:
        k = rng.randrange(2 * half)
        s = s[:k] + rng.choice([c for c in "()[]" if c != s[k]]) + s[k + 1:]
    return s


def bucketed(strings, size=32):
    buckets = defaultdict(list)
    for s in sorted(strings, key=len):
        buckets[len(s)].append(s)
    return dict(buckets), size


def batches(buckets, size, rng):
    out = []
    for group in buckets.values():
        group = rng.sample(group, len(group))
        out += [group[i:i + size] for i in range(0, len(group), size)]
    rng.shuffle(out)
    for b in out:
        yield torch.tensor([[CODE[c] for c in s] for s in b]), torch.tensor([float(balanced(s)) for s in b])


class Judge(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.emb, self.gru, self.out = nn.Embedding(4, 12), nn.GRU(12, hidden, batch_first=True), nn.Linear(2 * hidden, 1)

    def forward(self, x):
        h, last = self.gru(self.emb(x))
        return self.out(torch.cat([h.amax(1), last[0]], 1)).squeeze(1)


rng = random.Random(41)
torch.manual_seed(41)
pool = list(dict.fromkeys(make(rng, rng.randint(3, 8)) for _ in range(3600)))
rng.shuffle(pool)
train, val = bucketed(pool[500:]), bucketed(pool[:500])
model = Judge()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(1, 11):
    losses = []
    for x, y in batches(*train, rng):
        loss = nn.functional.binary_cross_entropy_with_logits(model(x), y)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        hits = sum(((model(x) > 0).float() == y).sum().item() for x, y in batches(*val, rng))
    print(f"epoch {epoch:2d}: loss {sum(losses) / len(losses):.3f}, validation accuracy {hits / 500:.3f}")
