"""Attention pooling over shopping baskets of different sizes, predicting whether the customer returns."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

ITEMS, MOST = 30, 10


def make_baskets(n, gen):
    worth = torch.randn(ITEMS, generator=gen)
    size = torch.randint(0, MOST + 1, (n,), generator=gen)
    items = torch.randint(0, ITEMS, (n, MOST), generator=gen)
    mask = torch.arange(MOST)[None] < size[:, None]
    score = (worth[items] * mask).sum(1) / size.clamp(min=1).sqrt()
    return items, mask, (score > 0).float()


class Pool(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.item = nn.Embedding(ITEMS, dim)
        self.key = nn.Linear(dim, 1)
        self.out = nn.Linear(dim, 1)

    def forward(self, items, mask):
        e = self.item(items)
        a = self.key(torch.tanh(e)).squeeze(-1)
        a = a.masked_fill(~mask, float("-inf"))  # cure: a = a.masked_fill(~mask, -1e4)
        w = a.softmax(1).unsqueeze(-1)
        return self.out((w * e).sum(1)).squeeze(1)


def main():
    gen = torch.Generator().manual_seed(5)
    torch.manual_seed(5)
    items, mask, y = make_baskets(3000, gen)
    data = TensorDataset(items[:2400], mask[:2400], y[:2400])
    model = Pool()
    opt = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for epoch in range(12):
        total = 0.0
        for i, m, t in DataLoader(data, batch_size=64, shuffle=True):
            loss = F.binary_cross_entropy_with_logits(model(i, m), t)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(t)
        with torch.no_grad():
            right = ((model(items[2400:], mask[2400:]) > 0).float() == y[2400:]).float().mean()
        print(f"epoch {epoch + 1}: loss {total / 2400:.4f}, held-out accuracy {right:.3f}")


main()
