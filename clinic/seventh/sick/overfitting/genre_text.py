"""Few-shot topic tagging: a convolution over word embeddings, 600 noisy headlines in six topics."""
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class HP:
    words: int = 600
    dim: int = 48
    filters: int = 96
    dropout: float = 0.0  # cure: dropout: float = 0.5
    weight_decay: float = 0.0  # cure: weight_decay: float = 0.3
    epochs: int = 24
    lr: float = 3e-3


def headlines(n, hp, topics=6, length=10):
    y = torch.randint(0, topics, (n,))
    own = y[:, None] * 20 + torch.randint(0, 20, (n, length))
    anything = torch.randint(0, hp.words, (n, length))
    return torch.where(torch.rand(n, length) < 0.35, own, anything), y


class TextCNN(nn.Module):
    def __init__(self, hp, topics=6):
        super().__init__()
        self.emb = nn.Embedding(hp.words, hp.dim)
        self.conv = nn.Conv1d(hp.dim, hp.filters, 2)
        self.drop = nn.Dropout(hp.dropout)
        self.out = nn.Linear(hp.filters, topics)

    def forward(self, ids):
        h = F.relu(self.conv(self.drop(self.emb(ids)).transpose(1, 2))).mean(2)
        return self.out(self.drop(h))


def main(hp=HP()):
    torch.manual_seed(41)
    x, y = headlines(600, hp)
    y_given = torch.where(torch.rand(600) < 0.15, torch.randint(0, 6, (600,)), y)
    xv, yv = headlines(500, hp)
    model = TextCNN(hp)
    opt = torch.optim.AdamW(model.parameters(), lr=hp.lr, weight_decay=hp.weight_decay)
    for epoch in range(hp.epochs):
        model.train()
        total = 0.0
        for b in torch.randperm(len(x)).split(30):
            loss = F.cross_entropy(model(x[b]), y_given[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(b) / len(x)
        model.eval()
        with torch.no_grad():
            out = model(xv)
        print(f"ep {epoch:2d} train {total:.3f} dev {F.cross_entropy(out, yv).item():.3f} dev acc {(out.argmax(1) == yv).float().mean().item():.3f}")


main()
