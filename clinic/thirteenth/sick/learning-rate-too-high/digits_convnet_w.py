"""Small convolutional network for handwritten digits, SGD with Nesterov momentum."""
import argparse

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--lr", type=float, default=0.4)  # cure: p.add_argument("--lr", type=float, default=0.02)
    p.add_argument("--momentum", type=float, default=0.9)
    p.add_argument("--epochs", type=int, default=12)
    p.add_argument("--batch-size", type=int, default=64)
    return p.parse_args()


def build():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(128, 10),
    )


def accuracy(net, x, y):
    net.eval()
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


def main():
    args = get_args()
    torch.manual_seed(0)
    d = load_digits()
    x = torch.tensor((d.images - 4.884) / 6.017, dtype=torch.float32)[:, None]
    y = torch.tensor(d.target)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.2, random_state=1)
    loader = DataLoader(TensorDataset(xa, ya), args.batch_size, shuffle=True)
    net = build()
    opt = torch.optim.SGD(net.parameters(), lr=args.lr, momentum=args.momentum, nesterov=True)
    for epoch in range(args.epochs):
        net.train()
        s = 0.0
        for xi, yi in loader:
            opt.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(net(xi), yi)
            loss.backward()
            opt.step()
            s += loss.item() * len(yi)
        print(f"epoch={epoch} loss={s / len(ya):.4f} test_acc={accuracy(net, xb, yb):.4f}")


main()
