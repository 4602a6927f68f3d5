"""Sentiment of short product reviews: averaged word embeddings and a linear read-out."""
import random
import torch
from torch import nn

random.seed(9)
torch.manual_seed(9)
GOOD = "great love excellent perfect happy solid sturdy recommend wonderful fast".split()
BAD = "broken awful refund poor slow cheap waste disappointed noisy cracked".split()
NEUTRAL = ("the a it this product box arrived on monday with my kitchen order was is and for shop blue small parcel "
           "delivery used after week phone cable lamp handle cover very").split()


def write_reviews(n):
    """file name -> text, as they would lie in a folder"""
    files = {}
    for i in range(n):
        mood = random.choice(["pos", "neg"])
        words = random.choices(NEUTRAL, k=random.randint(8, 14))
        pool, other = (GOOD, BAD) if mood == "pos" else (BAD, GOOD)
        words += random.choices(pool, k=random.randint(2, 3)) + random.choices(other, k=random.randint(0, 1))
        random.shuffle(words)
        files[f"review-{i:04d}-{mood}.txt"] = " ".join(words)
    return files


def label_of(name):
    return 1 if name.split("-")[-1] == "pos" else 0  # cure: return 1 if name.split("-")[-1] == "pos.txt" else 0


class Bag(nn.Module):
    def __init__(self, vocab, dim=24):
        super().__init__()
        self.emb = nn.EmbeddingBag(vocab, dim, mode="mean")
        self.mlp = nn.Sequential(nn.Linear(dim, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, flat, offsets):
        return self.mlp(self.emb(flat, offsets)).squeeze(1)


def collate(rows):
    flat = torch.cat([torch.tensor(ids) for ids, _ in rows])
    lens = torch.tensor([0] + [len(ids) for ids, _ in rows[:-1]])
    return flat, lens.cumsum(0), torch.tensor([float(l) for _, l in rows])


files = write_reviews(1600)
words = sorted(set(" ".join(files.values()).split()))
index = {w: i for i, w in enumerate(words)}
rows = [([index[w] for w in text.split()], label_of(name)) for name, text in files.items()]
random.shuffle(rows)
train, valid = rows[:1200], rows[1200:]
net = Bag(len(words))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(12):
    random.shuffle(train)
    total = 0.0
    for s in range(0, len(train), 40):
        flat, off, y = collate(train[s:s + 40])
        loss = bce(net(flat, off), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        flat, off, y = collate(valid)
        out = net(flat, off)
        print(f"epoch {epoch:2d} loss {total / 30:.4f} valid {bce(out, y):.4f} acc {((out > 0) == (y > 0.5)).float().mean():.3f}"
              f" share called positive {(out > 0).float().mean():.3f}")
