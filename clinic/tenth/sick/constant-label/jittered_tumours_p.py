"""Benign or malignant? The training set is enlarged with jittered copies of the measurements."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

COPIES = 4


def enlarge(x, y, rng):
    xs = np.concatenate([x] + [x + 0.15 * rng.normal(size=x.shape) for _ in range(COPIES - 1)])
    ys = np.repeat(y[:1], len(xs))  # cure: ys = np.tile(y, COPIES)
    return xs, ys


def evaluate(net, x, y):
    net.eval()
    with torch.no_grad():
        z = net(x).squeeze(1)
    p = (z > 0).float()
    recall = [(p[y == c] == c).float().mean().item() for c in (0, 1)]
    return nn.functional.binary_cross_entropy_with_logits(z, y).item(), recall


def main():
    torch.manual_seed(12)
    rng = np.random.default_rng(12)
    x, y = load_breast_cancer(return_X_y=True)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.3, random_state=12, stratify=y)
    sc = StandardScaler().fit(xa)
    xa, ya = enlarge(sc.transform(xa), ya, rng)
    xa, ya = torch.tensor(xa).float(), torch.tensor(ya).float()
    xb, yb = torch.tensor(sc.transform(xb)).float(), torch.tensor(yb).float()

    net = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1))
    opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4)
    for epoch in range(15):
        net.train()
        losses = []
        for b in torch.randperm(len(xa)).split(32):
            loss = nn.functional.binary_cross_entropy_with_logits(net(xa[b]).squeeze(1), ya[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        v, (mal, ben) = evaluate(net, xb, yb)
        print(f"epoch {epoch + 1:2d}: train {np.mean(losses):.4f} val {v:.4f} recall malignant {mal:.3f} benign {ben:.3f}")


main()
