"""Rare-disease screening: the few patients are oversampled, then a network is trained and validated."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.metrics import recall_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def oversample(x, y, seed=0):
    """Repeat rows of the rare class until both classes are equally frequent."""
    rng = np.random.default_rng(seed)
    rare = np.flatnonzero(y == 1)
    extra = rng.choice(rare, size=(y == 0).sum() - len(rare))
    rows = np.concatenate([np.arange(len(y)), extra])
    return x[rows], y[rows]


def split(x, y):
    x, y = oversample(x, y)  # cure: delete
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.25, stratify=y, random_state=2)
    # cure: xa, ya = oversample(xa, ya)
    sc = StandardScaler().fit(xa)
    return sc.transform(xa), sc.transform(xb), ya, yb


def main():
    torch.manual_seed(0)
    x, y = make_classification(1200, 40, n_informative=6, n_redundant=0, weights=[0.88], flip_y=0.05,
                               n_clusters_per_class=2, class_sep=0.6, random_state=8)
    xa, xb, ya, yb = (torch.tensor(v, dtype=torch.float32) for v in split(x, y))
    print(f"training rows {len(xa)}, validation rows {len(xb)} ({int(yb.sum())} patients)")
    net = nn.Sequential(nn.Linear(40, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 1))
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
    bce = nn.BCEWithLogitsLoss()
    for epoch in range(1, 21):
        net.train()
        total = 0.0
        for i in torch.randperm(len(xa)).split(64):
            loss = bce(net(xa[i]).squeeze(1), ya[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(i) / len(xa)
        net.eval()
        with torch.no_grad():
            z = net(xb).squeeze(1)
        if epoch % 5 == 0:
            print(f"epoch {epoch:2d} train {total:.3f} valid {bce(z, yb).item():.3f} "
                  f"acc {((z > 0) == (yb > 0)).float().mean().item():.3f} recall {recall_score(yb, z > 0):.3f}")


main()
