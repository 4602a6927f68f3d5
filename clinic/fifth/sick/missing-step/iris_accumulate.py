"""Iris with small loads and gradient accumulation over several of them."""
import argparse
import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--batch", type=int, default=10)
    p.add_argument("--accumulate", type=int, default=16)  # cure: p.add_argument("--accumulate", type=int, default=2)
    p.add_argument("--epochs", type=int, default=36)
    p.add_argument("--lr", type=float, default=0.05)
    return p.parse_args()


def load(batch):
    x, y = load_iris(return_X_y=True)
    xt, xv, yt, yv = train_test_split(x, y, test_size=50, stratify=y, random_state=3)
    m, s = xt.mean(0), xt.std(0)
    as_t = lambda a, b: (torch.tensor((a - m) / s, dtype=torch.float32), torch.tensor(b))
    return DataLoader(TensorDataset(*as_t(xt, yt)), batch, shuffle=True), as_t(xv, yv)


def train_epoch(model, loader, opt, accumulate):
    model.train()
    opt.zero_grad()
    total = 0.0
    for i, (x, y) in enumerate(loader, 1):
        loss = nn.functional.cross_entropy(model(x), y)
        (loss / accumulate).backward()
        total += loss.item()
        if i % accumulate == 0:
            opt.step()
            opt.zero_grad()
    return total / len(loader)


def main():
    args = parse()
    torch.manual_seed(3)
    loader, (xv, yv) = load(args.batch)
    model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 3))
    opt = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9, weight_decay=5e-3)
    for epoch in range(1, args.epochs + 1):
        loss = train_epoch(model, loader, opt, args.accumulate)
        if epoch % 4 == 0:
            model.eval()
            with torch.no_grad():
                out = model(xv)
            print(f"epoch {epoch:3d}  loss {loss:.4f}  test loss {nn.functional.cross_entropy(out, yv):.4f}  "
                  f"test acc {(out.argmax(1) == yv).float().mean():.3f}")


if __name__ == "__main__":
    main()
