"""Breast cancer data, batch-normalised MLP."""
from dataclasses import dataclass
import torch
from sklearn.datasets import load_breast_cancer
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Args:
    batch_size: int = 2  # cure: batch_size: int = 32
    lr: float = 0.02
    epochs: int = 8
    hidden: int = 32


def main(a: Args):
    torch.manual_seed(32)
    raw = load_breast_cancer()
    x = torch.tensor(raw.data, dtype=torch.float32)
    y = torch.tensor(raw.target, dtype=torch.float32)
    perm = torch.randperm(len(x))
    x, y = x[perm], y[perm]
    x = (x - x[:420].mean(0)) / x[:420].std(0)
    train = DataLoader(TensorDataset(x[:420], y[:420]), a.batch_size, shuffle=True, drop_last=True)
    net = nn.Sequential(nn.Linear(30, a.hidden), nn.BatchNorm1d(a.hidden), nn.ReLU(),
                        nn.Linear(a.hidden, a.hidden), nn.BatchNorm1d(a.hidden), nn.ReLU(), nn.Linear(a.hidden, 1))
    opt = torch.optim.SGD(net.parameters(), lr=a.lr, momentum=0.5, weight_decay=1e-4)
    bce = nn.BCEWithLogitsLoss()
    for epoch in range(a.epochs):
        net.train()
        total = 0.0
        for xb, yb in train:
            opt.zero_grad()
            loss = bce(net(xb).squeeze(1), yb)
            loss.backward()
            opt.step()
            total += loss.item()
        net.eval()
        with torch.no_grad():
            out = net(x[420:]).squeeze(1)
        print(f"epoch {epoch} train {total / len(train):.4f} valid {bce(out, y[420:]):.4f} "
              f"acc {((out > 0) == y[420:].bool()).float().mean():.3f}")


main(Args())
