"""Classify generated strings: does the bracket string close properly? GRU encoder and a small head."""
import random
import torch
import torch.nn as nn

VOCAB = {"(": 1, ")": 2, "[": 3, "]": 4}
LEN = 16


def valid(s):
    depth = 0
    for c in s:
        depth += 1 if c == "(" else -1 if c == ")" else 0
        if depth < 0:
            return 0
    return int(depth == 0)


def sample(rng):
    while True:
        s = [rng.choice("()[]") for _ in range(LEN)]
        if rng.random() < 0.5:
            depth = 0
            for i in range(LEN):
                if s[i] in "()":
                    left = sum(1 for c in s[i:] if c in "()")
                    s[i] = ")" if depth >= left or (depth > 0 and rng.random() < 0.5) else "("
                    depth += 1 if s[i] == "(" else -1
            if depth != 0:
                continue
        return "".join(s)


def dataset(n, seed):
    rng = random.Random(seed)
    words, per = [], {0: 0, 1: 0}
    while len(words) < n:
        s = sample(rng)
        if per[valid(s)] < n // 2:
            per[valid(s)] += 1
            words.append(s)
    x = torch.tensor([[VOCAB[c] for c in s] for s in words])
    return x, torch.tensor([valid(s) for s in words])


class Encoder(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.emb = nn.Embedding(5, 16)
        self.gru = nn.GRU(16, hidden, batch_first=True)

    def forward(self, x):
        _, h = self.gru(self.emb(x))
        return h[-1].data  # cure: return h[-1]


torch.manual_seed(0)
xt, yt = dataset(3000, 1)
xv, yv = dataset(600, 2)
encoder, head = Encoder(), nn.Sequential(nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 2))
params = list(encoder.parameters()) + list(head.parameters())
opt = torch.optim.Adam(params, lr=3e-3)
for epoch in range(1, 9):
    total = 0.0
    for idx in torch.randperm(len(xt)).split(64):
        loss = nn.functional.cross_entropy(head(encoder(xt[idx])), yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        acc = (head(encoder(xv)).argmax(1) == yv).float().mean()
    print(f"epoch {epoch} loss {total / len(xt):.4f} held-out accuracy {acc:.3f}")
