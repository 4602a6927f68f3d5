"""Does a bracket string balance? A one-block transformer encoder learns it from generated strings."""
import random

import torch
from torch import nn

LEN = 10


def balanced(s):
    depth = 0
    for c in s:
        depth += 1 if c == "(" else -1
        if depth < 0:
            return False
    return depth == 0


def generate(n):
    pos, neg = [], []
    while min(len(pos), len(neg)) < n // 2:
        s = "".join(random.sample("(" * (LEN // 2) + ")" * (LEN // 2), LEN))
        (pos if balanced(s) else neg).append(s)
    return pos[:n // 2] + neg[:n // 2]


class Encoder(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok, self.pos = nn.Embedding(2, d), nn.Parameter(torch.randn(LEN, d) * 0.1)
        self.block = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.head = nn.Linear(d, 1)

    def forward(self, ids):
        return self.head(self.block(self.tok(ids) + self.pos).mean(1)).squeeze(1)


def tensors(strings):
    labels = [float(balanced(s)) for s in strings]
    random.shuffle(strings)  # cure: delete
    ids = torch.tensor([[int(c == "(") for c in s] for s in strings])
    return ids, torch.tensor(labels)


if __name__ == "__main__":
    random.seed(2)
    torch.manual_seed(2)
    x, y = tensors(generate(1200))
    xv, yv = tensors(generate(400))
    net = Encoder()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    bce = nn.BCEWithLogitsLoss()
    for epoch in range(10):
        tot = 0.0
        for b in torch.randperm(len(x)).split(40):
            opt.zero_grad()
            loss = bce(net(x[b]), y[b])
            loss.backward()
            opt.step()
            tot += loss.item() * len(b) / len(x)
        with torch.no_grad():
            acc = ((net(xv) > 0) == (yv > 0.5)).float().mean().item()
        print(f"epoch {epoch:2d} loss {tot:.3f} val acc {acc:.3f}")
