"""Digit classifier with a narrow hidden layer, for a small device."""
import argparse
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def get_args():
    ap = argparse.ArgumentParser()
    ap.add_argument("--hidden", type=int, default=2)  # cure: ap.add_argument("--hidden", type=int, default=48)
    ap.add_argument("--epochs", type=int, default=24)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--seed", type=int, default=13)
    return ap.parse_args()


def main():
    a = get_args()
    torch.manual_seed(a.seed)
    d = load_digits()
    ds = TensorDataset(torch.tensor(d.data / 6 - 0.8, dtype=torch.float32), torch.tensor(d.target))
    train, valid = random_split(ds, [1350, len(ds) - 1350])
    train_dl = DataLoader(train, 48, shuffle=True)
    valid_dl = DataLoader(valid, 256)
    net = nn.Sequential(nn.Linear(64, a.hidden), nn.Tanh(), nn.Linear(a.hidden, 10))
    opt = torch.optim.Adam(net.parameters(), lr=a.lr, weight_decay=1e-4)
    ce = nn.CrossEntropyLoss()
    for epoch in range(a.epochs):
        net.train()
        tot, ok = 0.0, 0
        for x, y in train_dl:
            out = net(x)
            loss = ce(out, y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(y)
            ok += (out.argmax(1) == y).sum().item()
        net.eval()
        with torch.no_grad():
            res = [(ce(net(x), y).item() * len(y), (net(x).argmax(1) == y).sum().item()) for x, y in valid_dl]
        if epoch % 3 == 2:
            vl, va = (sum(c) / len(valid) for c in zip(*res))
            print(f"epoch {epoch + 1} train {tot / len(train):.4f} ({ok / len(train):.3f}) valid {vl:.4f} ({va:.3f})")


if __name__ == "__main__":
    main()
