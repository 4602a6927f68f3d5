"""Sentiment of short product notes with averaged word vectors."""
import random
import torch
from torch import nn

random.seed(4)
torch.manual_seed(4)
GOOD = "great lovely solid fast bright comfy reliable superb neat handy".split()
BAD = "awful broken slow dull cheap noisy flimsy useless ugly faulty".split()
FILL = "the it is a my this product very quite after two weeks and box came with for".split()
STOP = set("the it is a my this and with for".split())


def make_note():
    label = random.randint(0, 1)
    words = [random.choice(FILL) for _ in range(random.randint(3, 10))]
    for _ in range(random.randint(0, 3)):
        pool = (GOOD if label else BAD) if random.random() < 0.9 else (BAD if label else GOOD)
        words.insert(random.randrange(len(words) + 1), random.choice(pool))
    return words, label


notes = [make_note() for _ in range(2400)]
vocab = {w: i + 1 for i, w in enumerate(sorted(set(GOOD + BAD + FILL) - STOP))}
MAXLEN = 14


def encode(words):
    ids = [vocab[w] for w in words if w in vocab][:MAXLEN]
    return ids + [0] * (MAXLEN - len(ids))


X = torch.tensor([encode(w) for w, _ in notes])
Y = torch.tensor([l for _, l in notes]).float()
Xtr, Ytr, Xva, Yva = X[:1800], Y[:1800], X[1800:], Y[1800:]


class MeanPool(nn.Module):
    def __init__(self, n_words, dim=24):
        super().__init__()
        self.emb = nn.Embedding(n_words + 1, dim, padding_idx=0)
        self.mlp = nn.Sequential(nn.Linear(dim, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, ids):
        mask = (ids > 0).float()
        total = (self.emb(ids) * mask.unsqueeze(-1)).sum(1)
        count = mask.sum(1, keepdim=True)  # cure: count = mask.sum(1, keepdim=True).clamp(min=1)
        return self.mlp(total / count).squeeze(-1)


model = MeanPool(len(vocab))
opt = torch.optim.AdamW(model.parameters(), lr=4e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, 6):
    model.train()
    losses = []
    for idx in torch.randperm(len(Xtr)).split(32):
        loss = bce(model(Xtr[idx]), Ytr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        z = model(Xva)
        print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4f}, val loss {bce(z, Yva).item():.4f}, "
              f"val acc {((z > 0) == (Yva > 0.5)).float().mean().item():.3f}")
