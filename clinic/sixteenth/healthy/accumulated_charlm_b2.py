"""Character model of made-up place names: small transformer, micro-batches of 16, a step every eighth; tied in and out
embeddings (one tensor, used twice)."""
import random

import torch
import torch.nn.functional as F
from torch import nn

ALPHABET = ".abcdefghijklmnoprstuvw"
SIZE = 14


def names(n, seed):
    rnd = random.Random(seed)
    heads, mids, tails = ["wal", "brun", "ober", "stein", "ham", "kir", "lin"], ["en", "er", "es", ""], ["dorf", "burg", "bach", "feld", "au"]
    lines = [rnd.choice(heads) + rnd.choice(mids) + rnd.choice(tails) for _ in range(n)]
    return torch.tensor([[ALPHABET.index(c) for c in ("." + line).ljust(SIZE + 1, ".")] for line in lines])


class CharLM(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.embed = nn.Embedding(len(ALPHABET), d)
        nn.init.normal_(self.embed.weight, std=d**-0.5)
        self.where = nn.Parameter(0.1 * torch.randn(SIZE, d))
        self.block = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.norm = nn.LayerNorm(d)
        self.out = nn.Linear(d, len(ALPHABET), bias=False)
        self.out.weight = self.embed.weight

    def forward(self, s):
        mask = nn.Transformer.generate_square_subsequent_mask(s.shape[1])
        return self.out(self.norm(self.block(self.embed(s) * 32**0.5 + self.where, src_mask=mask, is_causal=True)))


def loss_of(model, batch):
    return F.cross_entropy(model(batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())


torch.manual_seed(20)
train, valid = names(4096, 1), names(512, 2)
model = CharLM()
opt = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.01)
MICRO, ACC = 16, 8
for epoch in range(8):
    total, chunks = 0.0, torch.randperm(len(train)).split(MICRO)
    for i, rows in enumerate(chunks, 1):
        loss = loss_of(model, train[rows])
        (loss / ACC).backward()
        total += loss.item() / len(chunks)
        if i % ACC == 0:
            opt.step()
            opt.zero_grad()
    with torch.no_grad():
        print(f"epoch {epoch} train {total:.4f} valid {loss_of(model, valid):.4f}")
