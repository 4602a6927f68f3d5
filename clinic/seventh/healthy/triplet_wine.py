"""Metric learning on wine with a triplet margin loss; judged by nearest neighbours. Many triplets cost nothing later on."""
from dataclasses import dataclass

import torch
from sklearn.datasets import load_wine
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from torch import nn


@dataclass(frozen=True)
class Settings:
    dim: int = 3
    margin: float = 0.5
    rounds: int = 300
    batch: int = 48
    lr: float = 1e-3


def triplets(y, n):
    anchor = torch.randint(0, len(y), (n,))
    same = y[anchor][:, None] == y[None]
    pos = torch.multinomial(same.float(), 1)[:, 0]
    neg = torch.multinomial((~same).float(), 1)[:, 0]
    return anchor, pos, neg


def main(s=Settings()):
    torch.manual_seed(10)
    x, y = load_wine(return_X_y=True)
    order = torch.randperm(len(x)).numpy()
    x, y = x[order], y[order]
    scale = StandardScaler().fit(x[:120])
    x = torch.tensor(scale.transform(x), dtype=torch.float32)
    labels = torch.tensor(y)
    net = nn.Sequential(nn.Linear(13, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, s.dim))
    opt = torch.optim.AdamW(net.parameters(), lr=s.lr, weight_decay=0.05)
    hinge = nn.TripletMarginLoss(margin=s.margin)
    mean = None
    for r in range(1, s.rounds + 1):
        net.train()
        a, p, n = triplets(labels[:120], s.batch)
        loss = hinge(net(x[a]), net(x[p]), net(x[n]))
        opt.zero_grad()
        loss.backward()
        opt.step()
        mean = loss.item() if mean is None else 0.95 * mean + 0.05 * loss.item()
        if r % 30 == 0:
            net.eval()
            with torch.no_grad():
                z = net(x).numpy()
            acc = KNeighborsClassifier(5).fit(z[:120], y[:120]).score(z[120:], y[120:])
            print(f"round {r} triplet loss {mean:.4f} 5-nn accuracy {acc:.3f}")


main()
