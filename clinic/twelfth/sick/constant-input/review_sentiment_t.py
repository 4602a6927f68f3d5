"""Sentiment of short template reviews: embedding, 1-D convolution, max over time."""
import random

import torch
from torch import nn

PAD, MAX_LEN, WINDOW = 0, 40, 16
GOOD = "superb lovely crisp charming excellent delightful brilliant warm".split()
BAD = "dreadful bland noisy clumsy broken tedious awful cold".split()
THINGS = "screen story battery waiter plot room sound camera breakfast ending".split()
FILL = "the was and really quite we thought overall a bit honestly for us".split()


def review(rng):
    label = rng.randint(0, 1)
    words = []
    for k in range(rng.randint(2, 3)):
        tone = label if rng.random() < 0.92 else 1 - label
        words += ["the", rng.choice(THINGS), "was"]
        if rng.random() < 0.4:
            words.append(rng.choice(FILL))
        words.append(rng.choice(GOOD if tone else BAD))
    return words, label


def encode(words, vocab):
    ids = [vocab[w] for w in words]
    return [PAD] * (MAX_LEN - len(ids)) + ids


class TextCNN(nn.Module):
    def __init__(self, n_words, dim=24):
        super().__init__()
        self.emb = nn.Embedding(n_words, dim, padding_idx=PAD)
        self.conv = nn.Conv1d(dim, 32, kernel_size=3)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(32, 1)

    def forward(self, ids):
        h = torch.relu(self.conv(self.emb(ids).transpose(1, 2)))
        return self.head(self.drop(h.amax(2))).squeeze(1)


rng = random.Random(13)
torch.manual_seed(13)
vocab = {w: i + 1 for i, w in enumerate(dict.fromkeys(GOOD + BAD + THINGS + FILL))}
reviews = [review(rng) for _ in range(2400)]
ids = torch.tensor([encode(w, vocab) for w, _ in reviews])
ids = ids[:, :WINDOW]  # cure: ids = ids[:, -WINDOW:]
labels = torch.tensor([float(l) for _, l in reviews])
x_tr, y_tr, x_va, y_va = ids[:2000], labels[:2000], ids[2000:], labels[2000:]

model = TextCNN(len(vocab) + 1)
opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(8):
    model.train()
    tot = 0.0
    for b in torch.randperm(len(x_tr)).split(50):
        loss = bce(model(x_tr[b]), y_tr[b])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        tot += loss.item()
    model.eval()
    with torch.no_grad():
        acc = ((model(x_va) > 0).float() == y_va).float().mean()
    print(f"{epoch + 1}: train loss {tot / 40:.4f}  val acc {acc:.3f}")
