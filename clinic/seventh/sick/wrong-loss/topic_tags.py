"""Tag short posts with any number of six topics (bag of words, linear + hidden layer)."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

TOPICS = {
    "food": "bread soup grill spice menu", "sport": "match goal team coach race", "travel": "train hotel beach visa map",
    "money": "bank rent loan price tax", "health": "doctor sleep fever diet pill", "music": "band song drum choir tour"}
COMMON = "today really about with people new some went will good".split()
rng = np.random.default_rng(44)
names = list(TOPICS)
words = COMMON + [w for v in TOPICS.values() for w in v.split()]


def post():
    tags = rng.random(6) < 0.35
    text = list(rng.choice(COMMON, 6))
    for k in np.flatnonzero(tags):
        text += list(rng.choice(TOPICS[names[k]].split(), rng.integers(1, 3)))
    if rng.random() < 0.3:
        text.append(rng.choice(words))
    bag = np.zeros(len(words), dtype=np.float32)
    for w in text:
        bag[words.index(w)] += 1
    return bag, tags.astype(np.float32)


def build(n):
    x, t = zip(*[post() for _ in range(n)])
    return TensorDataset(torch.tensor(np.stack(x)), torch.tensor(np.stack(t)))


torch.manual_seed(44)
train, valid = build(2500), build(600)
loader = DataLoader(train, batch_size=50, shuffle=True)
model = nn.Sequential(nn.Linear(len(words), 48), nn.ReLU(), nn.Linear(48, 6))
criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 11):
    total = 0.0
    for x, t in loader:
        loss = criterion(model(x), t)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        x, t = valid.tensors
        hit = (torch.sigmoid(model(x)) > 0.5).float()
        f1 = 2 * (hit * t).sum() / (hit.sum() + t.sum())
        exact = (hit == t).all(1).float().mean()
    print(f"epoch {epoch}: loss {total / len(loader):.4f}  micro F1 {f1:.3f}  all tags right {exact:.3f}")
