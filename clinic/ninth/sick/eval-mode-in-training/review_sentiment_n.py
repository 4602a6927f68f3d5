"""Sentiment of synthetic reviews: bag of embeddings with heavy word and unit dropout."""
import argparse
import random
import torch
from torch import nn
import torch.nn.functional as F

VOCAB, LENGTH = 400, 14


def reviews(n, seed):
    rng = random.Random(seed)
    tone = [random.Random(99 + i).gauss(0, 1) for i in range(VOCAB)]
    rows, labels = [], []
    for _ in range(n):
        words = [rng.randrange(VOCAB) for _ in range(LENGTH)]
        rows.append(words)
        labels.append(float(sum(tone[w] for w in words) + rng.gauss(0, 2.0) > 0))
    return torch.tensor(rows), torch.tensor(labels)


class Sentiment(nn.Module):
    def __init__(self, dim=48):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, dim)
        nn.init.normal_(self.emb.weight, std=0.3)
        self.fc1 = nn.Linear(dim, 48)
        self.fc2 = nn.Linear(48, 1)

    def forward(self, ids):
        e = self.emb(ids)
        if self.training:
            e = e * (torch.rand(ids.shape) > 0.4).unsqueeze(-1) / 0.6
        h = F.dropout(e.mean(1), 0.4, self.training)
        h = F.dropout(F.relu(self.fc1(h)), 0.4, self.training)
        return self.fc2(h).squeeze(1)


ap = argparse.ArgumentParser()
ap.add_argument("--resume", action="store_true", help="continue from a checkpoint")
ap.add_argument("--epochs", type=int, default=16)
args = ap.parse_args()
torch.manual_seed(27)
x, y = reviews(900, 1)
xv, yv = reviews(1000, 2)
model = Sentiment()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(args.epochs):
    model.train(args.resume)  # cure: model.train()
    tot = 0.0
    for b in torch.randperm(len(x)).split(25):
        loss = F.binary_cross_entropy_with_logits(model(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b) / len(x)
    model.eval()
    with torch.no_grad():
        z = model(xv)
    vl, va = F.binary_cross_entropy_with_logits(z, yv).item(), ((z > 0) == (yv > 0.5)).float().mean().item()
    print(f"epoch {epoch + 1:2d} train {tot:.4f} valid {vl:.4f} acc {va:.3f}")
