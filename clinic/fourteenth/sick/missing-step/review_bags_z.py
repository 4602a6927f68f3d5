"""Sentiment of toy reviews (bags of words) with small batches whose gradients are summed up over several of them."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

VOCAB, LENGTH = 60, 14
ACCUMULATE = 64  # cure: ACCUMULATE = 4


def reviews(n, seed):
    g = torch.Generator().manual_seed(seed)
    valence = torch.linspace(-1, 1, VOCAB)
    words = torch.randint(0, VOCAB, (n, LENGTH), generator=g)
    return TensorDataset(words, (valence[words].sum(1) > 0).float())


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.EmbeddingBag(VOCAB, 16, mode="mean")
        self.out = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        return self.out(self.words(x)).squeeze(1)


def main():
    torch.manual_seed(0)
    train = DataLoader(reviews(800, 0), batch_size=16, shuffle=True)
    test = DataLoader(reviews(400, 1), batch_size=400)
    model = Bag()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(40):
        optimizer.zero_grad()
        total = 0.0
        for i, (x, y) in enumerate(train):
            loss = criterion(model(x), y)
            (loss / ACCUMULATE).backward()
            if (i + 1) % ACCUMULATE == 0:
                optimizer.step()
                optimizer.zero_grad()
            total += loss.item()
        with torch.no_grad():
            x, y = next(iter(test))
            acc = ((model(x) > 0) == (y > 0.5)).float().mean()
        if epoch % 4 == 3:
            print(f"epoch {epoch + 1} loss {total / len(train):.4f} test accuracy {acc:.3f}")


main()
