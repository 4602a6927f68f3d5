"""A one-layer transformer learns to tell whether a string of brackets is balanced."""
import argparse
import random
import torch
import torch.nn as nn

parser = argparse.ArgumentParser(description="bracket checker")
parser.add_argument("--lr", type=float, default=2e-6)  # cure: parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--epochs", type=int, default=14)
parser.add_argument("--length", type=int, default=10)
parser.add_argument("--batch-size", type=int, default=64)
opts = parser.parse_args()
random.seed(3)
torch.manual_seed(3)


def balanced(bits):
    depth = 0
    for b in bits:
        depth += 1 if b else -1
        if depth < 0:
            return 0
    return int(depth == 0)


def corpus(n):
    rows, labels = [], []
    while len(rows) < n:
        bits = [1] * (opts.length // 2) + [0] * (opts.length // 2)
        random.shuffle(bits)
        lab = balanced(bits)
        if lab == len(rows) % 2:
            rows.append(bits)
            labels.append(lab)
    return torch.tensor(rows), torch.tensor(labels, dtype=torch.float32)


class Checker(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.tok = nn.Embedding(2, dim)
        self.pos = nn.Parameter(torch.randn(opts.length, dim) * 0.1)
        self.layer = nn.TransformerEncoderLayer(dim, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.out = nn.Linear(dim, 1)

    def forward(self, s):
        return self.out(self.layer(self.tok(s) + self.pos).amax(1)).squeeze(1)


x, y = corpus(2000)
xv, yv = corpus(400)
net = Checker()
optimizer = torch.optim.AdamW(net.parameters(), lr=opts.lr)
crit = nn.BCEWithLogitsLoss()
for epoch in range(opts.epochs):
    total = 0.0
    for idx in torch.randperm(len(x)).split(opts.batch_size):
        loss = crit(net(x[idx]), y[idx])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        acc = ((net(xv) > 0).float() == yv).float().mean().item()
    print(f"epoch {epoch + 1}/{opts.epochs} - loss {total / len(x):.4f} - val_acc {acc:.3f}")
