"""Guess the 'accent' of short formant tracks (3 groups) with a bidirectional GRU."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset


def tracks(n, gen):
    group = torch.randint(0, 3, (n,), generator=gen)
    t = torch.linspace(0, 1, 20)
    speaker = torch.randn(n, 3, generator=gen)
    f1 = torch.sin(2 * math.pi * t * (1 + 0.25 * group[:, None]) + speaker[:, :1] * 0.8)
    f2 = speaker[:, 1:2] * 0.7 + (group[:, None] - 1) * (t - 0.5)
    f3 = speaker[:, 2:3] * torch.cos(2 * math.pi * t)
    x = torch.stack([f1.expand(n, -1), f2, f3], 2) + 0.4 * torch.randn(n, 20, 3, generator=gen)
    heard = torch.where(torch.rand(n, generator=gen) < 0.15, torch.randint(0, 3, (n,), generator=gen), group)
    return TensorDataset(x, heard)


class AccentNet(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.gru = nn.GRU(3, hidden, bidirectional=True, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.fc = nn.Linear(2 * hidden, 3)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.fc(self.drop(out.mean(1)))


def score(model, loader):
    model.eval()
    loss = hits = n = 0
    with torch.no_grad():
        for x, y in loader:
            out = model(x)
            loss += nn.functional.cross_entropy(out, y, reduction="sum").item()
            hits += (out.argmax(1) == y).sum().item()
            n += len(y)
    return loss / n, hits / n


def main():
    torch.manual_seed(40)
    gen = torch.Generator().manual_seed(40)
    corpus, fresh = tracks(700, gen), tracks(500, gen)
    perm = torch.randperm(len(corpus), generator=gen).tolist()
    n_val = len(corpus) // 5
    train_dl = DataLoader(Subset(corpus, perm), batch_size=32, shuffle=True)  # cure: train_dl = DataLoader(Subset(corpus, perm[n_val:]), batch_size=32, shuffle=True)
    val_dl = DataLoader(Subset(corpus, perm[:n_val]), batch_size=200)
    fresh_dl = DataLoader(fresh, batch_size=250)

    model = AccentNet()
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(1, 19):
        model.train()
        for x, y in train_dl:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            opt.step()
        if epoch % 3 == 0:
            tl, ta = score(model, train_dl)
            vl, va = score(model, val_dl)
            print(f"epoch {epoch:2d}  train {tl:.3f} ({ta:.3f})  val {vl:.3f} ({va:.3f})")
    print("new speakers: loss %.3f, accuracy %.3f" % score(model, fresh_dl))


main()
