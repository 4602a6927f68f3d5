"""Wine classifier with gradient accumulation, so that the same script serves small and large machines."""
import argparse

import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--micro-batch", type=int, default=8)
    p.add_argument("--accumulate", type=int, default=32)  # cure: p.add_argument("--accumulate", type=int, default=2)
    p.add_argument("--lr", type=float, default=5e-3)
    p.add_argument("--epochs", type=int, default=30)
    return p.parse_args()


def train_epoch(net, loader, opt, accumulate):
    net.train()
    total = 0.0
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = nn.functional.cross_entropy(net(x), y)
        (loss / accumulate).backward()
        if (i + 1) % accumulate == 0:
            opt.step()
            opt.zero_grad()
        total += loss.item()
    return total / len(loader)


def main():
    args = get_args()
    torch.manual_seed(0)
    x, y = load_wine(return_X_y=True)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.25, stratify=y, random_state=0)
    sc = StandardScaler().fit(xa)
    xa, xb = (torch.tensor(sc.transform(v), dtype=torch.float32) for v in (xa, xb))
    ya, yb = torch.tensor(ya), torch.tensor(yb)
    loader = DataLoader(TensorDataset(xa, ya), batch_size=args.micro_batch, shuffle=True, drop_last=True)
    net = nn.Sequential(nn.Linear(13, 20), nn.ReLU(), nn.Linear(20, 3))
    opt = torch.optim.AdamW(net.parameters(), lr=args.lr, weight_decay=0.01)
    for epoch in range(args.epochs):
        loss = train_epoch(net, loader, opt, args.accumulate)
        net.eval()
        with torch.no_grad():
            acc = (net(xb).argmax(1) == yb).float().mean().item()
        if epoch % 3 == 0:
            print(f"epoch {epoch:2d} loss {loss:.4f} test acc {acc:.3f}")


main()
