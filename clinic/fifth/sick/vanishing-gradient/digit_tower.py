"""Classify scikit-learn's 8x8 digits with a tall, narrow fully connected tower."""
import argparse
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

ap = argparse.ArgumentParser()
ap.add_argument("--depth", type=int, default=7)
ap.add_argument("--width", type=int, default=64)
ap.add_argument("--epochs", type=int, default=18)
ap.add_argument("--act", default="Sigmoid")  # cure: ap.add_argument("--act", default="ReLU")
args = ap.parse_args()
torch.manual_seed(3)

X, y = load_digits(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
mean, std = Xa.mean(), Xa.std()
to = lambda a: torch.tensor((a - mean) / std, dtype=torch.float32)
Xa, Xb, ya, yb = to(Xa), to(Xb), torch.tensor(ya), torch.tensor(yb)

layers, d = [], 64
for _ in range(args.depth):
    layers += [nn.Linear(d, args.width), getattr(nn, args.act)()]
    d = args.width
net = nn.Sequential(*layers, nn.Linear(d, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)

for epoch in range(args.epochs):
    total = 0.0
    for idx in torch.randperm(len(Xa)).split(32):
        loss = nn.functional.cross_entropy(net(Xa[idx]), ya[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        acc = (net(Xb).argmax(1) == yb).float().mean().item()
    print(f"epoch {epoch:2d}  loss {total / len(Xa):.4f}  val acc {acc:.3f}")
