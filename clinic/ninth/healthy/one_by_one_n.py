"""Streams one sentence at a time (they differ in length); layer-normalised attention, gradients added up over twenty."""
import random
import torch
from torch import nn

VERB, NEG, POS, FILL = ["is", "was", "seems"], ["awful", "dull", "slow", "bad"], ["great", "fun", "lovely", "good"], ["film", "the", "plot", "acting", "it", "very", "music"]
VOC = {w: i for i, w in enumerate(VERB + NEG + POS + FILL + ["not"])}


def sentence(r):
    words, score = [], 0
    while score == 0:
        words, score = [], 0
        for _ in range(r.randint(1, 4)):
            good, neg = r.random() < 0.5, r.random() < 0.3
            words += r.choices(FILL, k=r.randint(1, 3)) + [r.choice(VERB)] + ["not"] * neg + [r.choice(POS if good else NEG)]
            score += 1 if good != neg else -1
    return torch.tensor([VOC[w] for w in words]), float(score > 0)


class Reader(nn.Module):
    def __init__(self, d=24):
        super().__init__()
        self.emb = nn.Embedding(len(VOC), d)
        self.ctx = nn.Conv1d(d, d, 3, padding=1)
        self.norm = nn.LayerNorm(d)
        self.att = nn.MultiheadAttention(d, 2, batch_first=True)
        self.out = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, d), nn.GELU(), nn.Linear(d, 1))

    def forward(self, ids):
        h = self.emb(ids).unsqueeze(0)
        h = self.norm(h + torch.relu(self.ctx(h.transpose(1, 2))).transpose(1, 2))
        h = h + self.att(h, h, h, need_weights=False)[0]
        return self.out(h.mean(1)).squeeze()


torch.manual_seed(52)
r = random.Random(52)
train, test = [sentence(r) for _ in range(800)], [sentence(r) for _ in range(300)]
net = Reader()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(3):
    r.shuffle(train)
    recent = 0.0
    for i, (ids, y) in enumerate(train, 1):
        loss = bce(net(ids), torch.tensor(y)) / 20
        loss.backward()
        recent += loss.item()
        if i % 20 == 0:
            opt.step()
            opt.zero_grad()
        if i % 200 == 0:
            with torch.no_grad():
                acc = sum((net(t).item() > 0) == (v > 0.5) for t, v in test) / len(test)
            print(f"epoch {epoch} sentence {i} loss {recent / 10:.3f} test acc {acc:.3f}")
            recent = 0.0
