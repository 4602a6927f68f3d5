"""Tell good reviews from bad ones with a bag of embeddings over a small vocabulary."""
import random

import torch
from torch import nn

random.seed(5)
torch.manual_seed(5)

GOOD = "great lovely superb tasty friendly clean excellent charming fresh warm".split()
BAD = "awful rude stale dirty bland terrible noisy cold broken slow".split()
REST = "place room dinner waiter soup hotel lobby bread coffee table music price street garden".split()


def write_review(mood):
    words = random.choices(GOOD if mood else BAD, k=random.randint(1, 3)) + random.choices(REST, k=random.randint(4, 7))
    if random.random() < 0.2:
        words += random.choices(BAD if mood else GOOD, k=1)
    random.shuffle(words)
    return " ".join(words)


labels = [random.randint(0, 1) for _ in range(2400)]
reviews = [write_review(mood) for mood in labels]
vocab = {word: i + 2 for i, word in enumerate(sorted(set(" ".join(reviews[:2000]).split())))}  # 0: pad, 1: unknown
LENGTH = 14


def encode(review):
    ids = [vocab.get(token, 1) for token in review]  # cure: ids = [vocab.get(token, 1) for token in review.split()]
    return (ids + [0] * LENGTH)[:LENGTH]


x = torch.tensor([encode(r) for r in reviews])
y = torch.tensor(labels).float()
x_train, y_train, x_test, y_test = x[:2000], y[:2000], x[2000:], y[2000:]


class MoodModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(vocab) + 2, 12, padding_idx=0)
        self.out = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, ids):
        mask = (ids > 0).float().unsqueeze(-1)
        bag = (self.embed(ids) * mask).sum(1) / mask.sum(1)
        return self.out(bag).squeeze(-1)


model = MoodModel()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(15):
    order = torch.randperm(len(x_train))
    running = 0.0
    for idx in order.split(50):
        loss = criterion(model(x_train[idx]), y_train[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(idx)
    with torch.no_grad():
        out = model(x_test)
        test_loss = criterion(out, y_test).item()
        acc = ((out > 0).float() == y_test).float().mean().item()
    print(f"epoch {epoch + 1}: loss {running / len(x_train):.4f} | test loss {test_loss:.4f} accuracy {acc:.3f}")
