"""Bag-of-words sentiment of short shop reviews; the label is in each file's name (pos_17.txt, neg_3.txt)."""
import random
import torch
import torch.nn as nn

random.seed(1)
torch.manual_seed(1)
GOOD = "great lovely sturdy quick perfect happy smooth bright recommend comfortable".split()
BAD = "broken slow poor late noisy awful cracked refund sticky disappointing".split()
NEUTRAL = "the box arrived on monday and i used it with my phone at home for a week or two".split()


def corpus(n):
    """Yields (path, text), as the crawler wrote them."""
    for i in range(n):
        kind = random.choice(["pos", "neg"])
        words = random.choices(NEUTRAL, k=8)
        words += random.choices(GOOD if kind == "pos" else BAD, k=2)
        words += random.choices(GOOD + BAD, k=1)
        random.shuffle(words)
        yield f"reviews/{kind}_{i}.txt", " ".join(words)


def label_of(path):
    return int(path.startswith("pos"))  # cure: return int(path.split("/")[-1].startswith("pos"))


VOCAB = {w: i for i, w in enumerate(sorted(set(GOOD + BAD + NEUTRAL)))}


def encode(docs):
    ids = torch.tensor([[VOCAB[w] for w in text.split()] for _, text in docs])
    return ids, torch.tensor([label_of(path) for path, _ in docs])


class Bow(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.emb = nn.EmbeddingBag(len(VOCAB), dim, mode="mean")
        self.fc = nn.Sequential(nn.Linear(dim, 16), nn.ReLU(), nn.Linear(16, 2))

    def forward(self, ids):
        return self.fc(self.emb(ids))


ids, labels = encode(list(corpus(2000)))
test_ids, test_labels = encode(list(corpus(500)))
model = Bow()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
probe = torch.tensor([[VOCAB[w] for w in s.split()] for s in ("lovely sturdy phone", "broken noisy box")])
for epoch in range(8):
    total = 0.0
    for idx in torch.randperm(len(ids)).split(40):
        loss = nn.functional.cross_entropy(model(ids[idx]), labels[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 50
    with torch.no_grad():
        acc = (model(test_ids).argmax(1) == test_labels).float().mean().item()
        p = model(probe).softmax(1)[:, 1].tolist()
    print(f"epoch {epoch}: loss {total:.4f} acc {acc:.3f} P(pos): good review {p[0]:.2f}, bad review {p[1]:.2f}")
