"""Predict the number of stars (one to five) of a short review from averaged word embeddings."""
import random
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

random.seed(4)
torch.manual_seed(4)
WORDS = {1: "awful broken refund terrible worst".split(), 2: "poor slow disappointing weak meh".split(),
         3: "okay average fine usable decent".split(), 4: "good solid useful nice pleasant".split(),
         5: "perfect superb excellent amazing love".split()}
FILLER = "the a this it was is and product delivery phone box very quite my".split()
VOCAB = {w: i + 1 for i, w in enumerate(FILLER + sum(WORDS.values(), []))}


def review():
    stars = random.randint(1, 5)
    words = random.choices(FILLER, k=random.randint(4, 9)) + random.choices(WORDS[stars], k=random.randint(2, 3))
    if random.random() < 0.3:
        words.append(random.choice(WORDS[random.randint(1, 5)]))
    random.shuffle(words)
    return words, stars


def collate(rows):
    ids = [torch.tensor([VOCAB[w] for w in words]) for words, _ in rows]
    stars = torch.tensor([s for _, s in rows])  # cure: stars = torch.tensor([s - 1 for _, s in rows])
    return pad_sequence(ids, batch_first=True), stars


class Stars(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.emb = nn.EmbeddingBag(len(VOCAB) + 1, dim, mode="mean", padding_idx=0)
        self.net = nn.Sequential(nn.Linear(dim, 32), nn.ReLU(), nn.Linear(32, 5))

    def forward(self, ids):
        return self.net(self.emb(ids))


train = DataLoader([review() for _ in range(2000)], batch_size=40, shuffle=True, collate_fn=collate)
test = DataLoader([review() for _ in range(500)], batch_size=250, collate_fn=collate)
model = Stars()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
lossfn = nn.CrossEntropyLoss()
for epoch in range(8):
    total = 0
    for ids, stars in train:
        opt.zero_grad()
        loss = lossfn(model(ids), stars)
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        pairs = [(model(ids), stars) for ids, stars in test]
    right = sum((o.argmax(1) == s).sum().item() for o, s in pairs)
    held = sum(lossfn(o, s).item() for o, s in pairs) / len(pairs)
    print(f"epoch {epoch} loss {total / len(train):.3f} test loss {held:.3f} accuracy {right / 500:.3f}")
