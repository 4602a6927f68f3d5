"""Transformer encoder that decides whether a bracket string has more '(' before its first '|' than ')' after it."""
import argparse
import torch
from torch import nn


def strings(n, length, gen):
    tokens = torch.randint(0, 2, (n, length), generator=gen)
    bar = torch.randint(3, length - 3, (n, 1), generator=gen)
    pos = torch.arange(length)[None]
    left = ((tokens == 0) & (pos < bar)).sum(1)
    right = ((tokens == 1) & (pos > bar)).sum(1)
    tokens.scatter_(1, bar, 2)
    return tokens, (left > right).long()


class Encoder(nn.Module):
    def __init__(self, length, dim=32):
        super().__init__()
        self.tok = nn.Embedding(3, dim)
        self.pos = nn.Parameter(0.1 * torch.randn(length, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.head = nn.Linear(dim, 2)

    def forward(self, t):
        return self.head(self.enc(self.tok(t) + self.pos).mean(1))


def shuffled(x, y, gen):
    """Put the training set in a random order."""
    x = x[torch.randperm(len(x), generator=gen)]  # cure: order = torch.randperm(len(x), generator=gen)
    y = y[torch.randperm(len(y), generator=gen)]  # cure: x, y = x[order], y[order]
    return x, y


if __name__ == "__main__":
    cli = argparse.ArgumentParser()
    cli.add_argument("--length", type=int, default=14)
    cli.add_argument("--epochs", type=int, default=8)
    cli.add_argument("--batch", type=int, default=64)
    a = cli.parse_args()
    torch.manual_seed(6)
    gen = torch.Generator().manual_seed(6)
    x, y = strings(3200, a.length, gen)
    x_val, y_val = strings(600, a.length, gen)
    x, y = shuffled(x, y, gen)
    model = Encoder(a.length)
    opt = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for epoch in range(a.epochs):
        total = 0.0
        for i in torch.randperm(len(x)).split(a.batch):
            loss = nn.functional.cross_entropy(model(x[i]), y[i])
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
            total += loss.item() * len(i)
        with torch.no_grad():
            acc = (model(x_val).argmax(1) == y_val).float().mean().item()
        print(f"epoch {epoch} train loss {total / len(x):.4f} validation accuracy {acc:.4f}")
