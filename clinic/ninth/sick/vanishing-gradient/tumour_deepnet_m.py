"""Breast cancer diagnosis with a deep, narrow network; depth comes from the command line."""
import argparse

import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn

ap = argparse.ArgumentParser()
ap.add_argument("--depth", type=int, default=16)
ap.add_argument("--width", type=int, default=24)
ap.add_argument("--epochs", type=int, default=10)
ap.add_argument("--lr", type=float, default=1e-3)
args = ap.parse_args()
torch.manual_seed(11)

X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, stratify=y, random_state=2)
sc = StandardScaler().fit(Xa)
Xa, Xb = (torch.tensor(sc.transform(a), dtype=torch.float32) for a in (Xa, Xb))
ya, yb = (torch.tensor(a, dtype=torch.float32) for a in (ya, yb))


def build(depth, width):
    sizes = [30] + [width] * depth
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        lin = nn.Linear(a, b)
        nn.init.kaiming_normal_(lin.weight)
        nn.init.zeros_(lin.bias)
        layers += [lin, nn.Sigmoid()]  # cure: layers += [lin, nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(width, 1))


model = build(args.depth, args.width)
optim = torch.optim.Adam(model.parameters(), lr=args.lr)
bce = nn.BCEWithLogitsLoss()
for epoch in range(args.epochs):
    model.train()
    total = 0.0
    for idx in torch.randperm(len(Xa)).split(32):
        optim.zero_grad()
        loss = bce(model(Xa[idx]).squeeze(1), ya[idx])
        loss.backward()
        optim.step()
        total += loss.item() * len(idx)
    model.eval()
    with torch.no_grad():
        z = model(Xb).squeeze(1)
    acc = ((z > 0) == (yb > 0.5)).float().mean()
    print(f"{epoch:2d}: train {total / len(Xa):.4f}  test {bce(z, yb):.4f}  acc {acc:.3f}")
