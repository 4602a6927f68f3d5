"""Cross-validation of a small classifier on the diabetes data: is progression above the median?"""
import argparse

import torch
from sklearn.datasets import load_diabetes
from torch import nn


def folds(n, k, generator):
    order = torch.randperm(n, generator=generator)
    for part in order.chunk(k):
        rest = torch.ones(n, dtype=torch.bool)
        rest[:len(part)] = False  # cure: rest[part] = False
        yield rest.nonzero().squeeze(1), part


def make_net(width, drop):
    return nn.Sequential(nn.Linear(10, width), nn.Tanh(), nn.Dropout(drop), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 2))


def accuracy(net, x, y):
    net.eval()
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


def fit(net, x, y, args):
    opt = torch.optim.SGD(net.parameters(), lr=args.lr, momentum=0.9, nesterov=True, weight_decay=1e-3)
    for _ in range(args.epochs):
        net.train()
        total = 0.0
        for rows in torch.randperm(len(x)).split(args.batch):
            loss = nn.functional.cross_entropy(net(x[rows]), y[rows])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(rows) / len(x)
    return total


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--folds", type=int, default=4)
    ap.add_argument("--epochs", type=int, default=50)
    ap.add_argument("--width", type=int, default=32)
    ap.add_argument("--drop", type=float, default=0.2)
    ap.add_argument("--batch", type=int, default=20)
    ap.add_argument("--lr", type=float, default=0.02)
    args = ap.parse_args()
    torch.manual_seed(3)
    d = load_diabetes()
    x = torch.tensor(d.data / d.data.std(0), dtype=torch.float32)
    y = torch.tensor(d.target > 140).long()
    scores = []
    for i, (train, held_out) in enumerate(folds(len(x), args.folds, torch.Generator().manual_seed(0))):
        net = make_net(args.width, args.drop)
        loss = fit(net, x[train], y[train], args)
        scores.append(accuracy(net, x[held_out], y[held_out]))
        print(f"fold {i}: loss {loss:.3f}  train accuracy {accuracy(net, x[train], y[train]):.3f}  held-out {scores[-1]:.3f}")
    print(f"cross-validated accuracy {sum(scores) / len(scores):.3f}")


if __name__ == "__main__":
    main()
