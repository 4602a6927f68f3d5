"""Predict next-day returns of stocks from twelve factors (a weak signal under much noise)."""
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def make_data(n, seed):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 12, generator=g)
    w = torch.randn(12, generator=g) * 0.12
    y = x @ w + 0.3 * torch.relu(x[:, 0] - x[:, 1]) + torch.randn(n, generator=g) * 1.5
    return x, (y - y.mean()) / y.std()


def r2(model, loader):
    with torch.no_grad():
        pairs = [(model(x).squeeze(1), y) for x, y in loader]
    p = torch.cat([a for a, _ in pairs])
    y = torch.cat([b for _, b in pairs])
    return 1 - ((p - y) ** 2).mean().item() / y.var().item()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=2)  # cure: parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--epochs", type=int, default=8)
    args = parser.parse_args()
    torch.manual_seed(1)

    x, y = make_data(9000, seed=4)
    train, valid = random_split(TensorDataset(x, y), [6000, 3000])
    train_loader = DataLoader(train, batch_size=args.batch_size, shuffle=True)
    valid_loader = DataLoader(valid, batch_size=500)

    model = nn.Sequential(nn.Linear(12, 16), nn.Tanh(), nn.Linear(16, 1))
    opt = torch.optim.SGD(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        seen, total = 0, 0.0
        for xb, yb in train_loader:
            loss = nn.functional.mse_loss(model(xb).squeeze(1), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            seen += len(xb)
            total += loss.item() * len(xb)
        print(f"epoch {epoch + 1}: train mse {total / seen:.4f}, valid R2 {r2(model, valid_loader):+.4f}")
