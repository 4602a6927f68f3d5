"""A small transformer reads a shuffled roll call and says whether A was called before B."""
import math

import torch
from torch import nn

VOCAB, LENGTH = 12, 10
A, B = 0, 1


def roll_calls(n, gen):
    order = torch.stack([torch.randperm(VOCAB - 2, generator=gen)[:LENGTH - 2] + 2 for _ in range(n)])
    seq = torch.cat([order, torch.tensor([[A, B]]).expand(n, 2)], 1)
    seq = torch.stack([s[torch.randperm(LENGTH, generator=gen)] for s in seq])
    first = (seq == A).float().argmax(1) < (seq == B).float().argmax(1)
    return seq, first.long()


class PositionalEncoding(nn.Module):
    def __init__(self, dim, max_len=1000):
        super().__init__()
        position = torch.arange(max_len).unsqueeze(1)
        rate = torch.exp(torch.arange(0, dim, 2) * (-math.log(10000.0) / dim))
        pe = torch.zeros(max_len, 1, dim)
        pe[:, 0, 0::2] = torch.sin(position * rate)
        pe[:, 0, 1::2] = torch.cos(position * rate)
        self.register_buffer("pe", pe)

    def forward(self, x):
        return x + self.pe[:x.size(0)]  # cure: return x + self.pe[:x.size(1)].transpose(0, 1)


class Reader(nn.Module):
    def __init__(self, dim=32, heads=4):
        super().__init__()
        self.tok = nn.Embedding(VOCAB, dim)
        self.pos = PositionalEncoding(dim)
        layer = nn.TransformerEncoderLayer(dim, heads, 64, dropout=0.0, batch_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(dim, 2)

    def forward(self, seq):
        return self.head(self.body(self.pos(self.tok(seq))).mean(1))


gen = torch.Generator().manual_seed(1)
torch.manual_seed(1)
train, valid = roll_calls(1500, gen), roll_calls(500, gen)
model = Reader()
opt = torch.optim.Adam(model.parameters(), lr=1.5e-3)
lossf = nn.CrossEntropyLoss()
for epoch in range(12):
    model.train()
    tot = 0.0
    for idx in torch.randperm(1500).split(50):
        loss = lossf(model(train[0][idx]), train[1][idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx)
    model.eval()
    with torch.no_grad():
        acc = (model(valid[0]).argmax(1) == valid[1]).float().mean().item()
    print(f"epoch {epoch:2d}: loss {tot / 1500:.4f}, valid accuracy {acc:.3f}")
