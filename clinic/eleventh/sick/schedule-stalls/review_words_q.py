"""Bag-of-embeddings sentiment on generated reviews, with exponential decay of the learning rate."""
import random

import torch
from torch import nn

random.seed(1)
torch.manual_seed(1)
GOOD = "great lovely superb charming bright witty warm moving fresh clever".split()
BAD = "dull clumsy awful boring weak noisy cold flat stale messy".split()
FILL = "the film a plot with actor and scene very quite rather music story end in its camera was".split()
NEGATE = "not"
VOCAB = {w: i + 1 for i, w in enumerate(GOOD + BAD + FILL + [NEGATE])}


def review():
    label, words = random.randint(0, 1), random.choices(FILL, k=10)
    for _ in range(random.randint(1, 3)):
        word = random.choice(GOOD if (label == 1) == (random.random() < 0.9) else BAD)
        words[random.randrange(10)] = word
    return [VOCAB[w] for w in words], label


class Classifier(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.embedding = nn.EmbeddingBag(len(VOCAB) + 1, dim, mode="mean")
        self.fc = nn.Sequential(nn.Linear(dim, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, ids):
        return self.fc(self.embedding(ids)).squeeze(1)


rows = [review() for _ in range(3000)]
ids, labels = torch.tensor([r[0] for r in rows]), torch.tensor([r[1] for r in rows]).float()
train, valid = slice(0, 2400), slice(2400, None)
model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.85)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(12):
    order = torch.randperm(2400)
    total = 0.0
    for batch in order.split(40):
        optimizer.zero_grad()
        loss = criterion(model(ids[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        scheduler.step()  # cure: delete
        total += loss.item() / 60
    # cure: scheduler.step()
    with torch.no_grad():
        acc = ((model(ids[valid]) > 0) == labels[valid].bool()).float().mean()
    print(f"epoch {epoch + 1:2d}  loss {total:.4f}  valid accuracy {acc:.3f}")
