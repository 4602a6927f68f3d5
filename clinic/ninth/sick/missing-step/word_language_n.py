"""Language of a word (English, Italian or Finnish-like syllables) from its letters; gradients are accumulated."""
import argparse
import random
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

SYL = ["the ing str ough ly ed tion wh ch ness".split(),
       "mo zio re ta lla no gli cia to ne".split(),
       "kaa ssa lle ii tuo nen pää kku yö vä".split()]
LETTERS = "abcdefghijklmnopqrstuvwxyzäö"


def words(n, rng, width=12):
    x, y = torch.zeros(n, width, dtype=torch.long), torch.zeros(n, dtype=torch.long)
    for i in range(n):
        k = rng.randrange(3)
        w = "".join(rng.choice(SYL[k]) if rng.random() < 0.85 else rng.choice(LETTERS) for _ in range(4))[:width]
        x[i, :len(w)] = torch.tensor([LETTERS.index(c) + 1 for c in w])
        y[i] = k
    return TensorDataset(x, y)


class WordNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(len(LETTERS) + 1, 12, padding_idx=0)
        self.conv = nn.Conv1d(12, 32, 3, padding=1)
        self.fc = nn.Linear(32, 3)

    def forward(self, x):
        h = torch.relu(self.conv(self.emb(x).transpose(1, 2)))
        return self.fc(h.amax(2))


def train_epoch(model, loader, opt, accumulate):
    model.train()
    opt.zero_grad()
    total = 0.0
    for i, (x, y) in enumerate(loader, 1):
        loss = nn.functional.cross_entropy(model(x), y)
        (loss / accumulate).backward()
        if i % accumulate == 0:
            opt.step()
            opt.zero_grad()
        total += loss.item()
    return total / len(loader)


p = argparse.ArgumentParser()
p.add_argument("--accumulate", type=int, default=64)  # cure: p.add_argument("--accumulate", type=int, default=4)
p.add_argument("--batch", type=int, default=32)
p.add_argument("--epochs", type=int, default=15)
args = p.parse_args()
torch.manual_seed(3)
rng = random.Random(3)
train, test = words(1600, rng), words(400, rng)
loader = DataLoader(train, args.batch, shuffle=True)
model = WordNet()
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(args.epochs):
    loss = train_epoch(model, loader, opt, args.accumulate)
    with torch.no_grad():
        acc = (model(test.tensors[0]).argmax(1) == test.tensors[1]).float().mean().item()
    print(f"epoch {epoch}: loss {loss:.4f} acc {acc:.3f}")
