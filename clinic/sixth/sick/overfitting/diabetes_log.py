"""Diabetes progression after one year with a wide network; keeps a log of training and validation error."""
import argparse

import torch
from sklearn.datasets import load_diabetes
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset


def get_sets(seed):
    x, y = load_diabetes(return_X_y=True)
    x, y = torch.tensor(x).float(), torch.tensor(y).float()
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed)).tolist()
    tr = order[:260]
    x = (x - x[tr].mean(0)) / x[tr].std(0)
    y = (y - y[tr].mean()) / y[tr].std()
    ds = TensorDataset(x, y)
    return Subset(ds, tr), Subset(ds, order[260:])


def mse(model, loader):
    model.eval()
    with torch.no_grad():
        parts = [((model(a).squeeze(1) - b) ** 2).sum() for a, b in loader]
    return sum(parts).item() / len(loader.dataset)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--width", type=int, default=200)
    parser.add_argument("--dropout", type=float, default=0.0)  # cure: parser.add_argument("--dropout", type=float, default=0.5)
    parser.add_argument("--weight-decay", type=float, default=0.0)  # cure: parser.add_argument("--weight-decay", type=float, default=0.5)
    parser.add_argument("--epochs", type=int, default=50)
    args = parser.parse_args()
    torch.manual_seed(0)
    train, valid = get_sets(0)
    loader = DataLoader(train, batch_size=20, shuffle=True)
    fixed, valid = DataLoader(train, batch_size=260), DataLoader(valid, batch_size=200)
    w = args.width
    model = nn.Sequential(
        nn.Linear(10, w), nn.ReLU(), nn.Dropout(args.dropout),
        nn.Linear(w, w), nn.ReLU(), nn.Dropout(args.dropout), nn.Linear(w, 1))
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=args.weight_decay)
    for epoch in range(args.epochs):
        model.train()
        for a, b in loader:
            opt.zero_grad()
            ((model(a).squeeze(1) - b) ** 2).mean().backward()
            opt.step()
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: train mse {mse(model, fixed):.3f}, valid mse {mse(model, valid):.3f}")


if __name__ == "__main__":
    main()
