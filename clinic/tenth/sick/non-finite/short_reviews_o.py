"""Mood of very short reviews: average the embeddings of the known words, classify the average."""
import random

import torch
import torch.nn as nn

random.seed(4)
torch.manual_seed(4)
GOOD = "great lovely superb tasty fresh warm friendly quick perfect charming".split()
BAD = "awful bland rude cold slow dirty stale noisy broken greasy".split()
FILL = "the soup waiter room table was it and we our very bread music place menu".split()
VOCAB = {w: i + 1 for i, w in enumerate(GOOD + BAD + FILL[:12])}  # 0 pads, and stands for unknown words


def review(mood):
    words = random.choices(GOOD if mood else BAD, k=random.randint(1, 3)) + random.choices(FILL, k=random.randint(1, 6))
    random.shuffle(words)
    return " ".join(words)


def encode(text, length=10):
    ids = [VOCAB.get(w, 0) for w in text.split()][:length]
    return ids + [0] * (length - len(ids))


moods = [random.randint(0, 1) for _ in range(1200)]
texts = [review(m) for m in moods]
for i in random.sample(range(900), 5):
    texts[i] = "ristorante magnifico" if moods[i] else "pessimo"  # a few guests wrote in Italian
X = torch.tensor([encode(t) for t in texts])
Y = torch.tensor(moods, dtype=torch.float32)


class Averager(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(len(VOCAB) + 1, 24, padding_idx=0)
        self.mlp = nn.Sequential(nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, ids):
        known = (ids != 0).float()
        count = known.sum(1, keepdim=True)  # cure: count = known.sum(1, keepdim=True).clamp(min=1)
        return self.mlp((self.emb(ids) * known.unsqueeze(2)).sum(1) / count).squeeze(1)


model = Averager()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
lossf = nn.BCEWithLogitsLoss()
for epoch in range(12):
    order = torch.randperm(900)
    mean = 0.0
    for k in range(0, 900, 30):
        pick = order[k:k + 30]
        loss = lossf(model(X[pick]), Y[pick])
        opt.zero_grad(); loss.backward(); opt.step()
        mean += loss.item() / 30
    with torch.no_grad():
        acc = ((model(X[900:]) > 0).float() == Y[900:]).float().mean()
    print("epoch", epoch, "loss %.4f" % mean, "held-out accuracy %.3f" % acc)
