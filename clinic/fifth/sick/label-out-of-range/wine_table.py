"""Wine classes as in the original UCI table (class column first, numbered from 1)."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_wine


def read_table():
    """Rows of the UCI file: class, then thirteen measurements."""
    d = load_wine()
    return np.column_stack([d.target + 1, d.data])


def main():
    torch.manual_seed(4)
    table = read_table()
    np.random.RandomState(4).shuffle(table)
    y = torch.tensor(table[:, 0]).long()  # cure: y = torch.tensor(table[:, 0]).long() - 1
    x = torch.tensor(table[:, 1:]).float()
    n_train = 125
    mean, std = x[:n_train].mean(0), x[:n_train].std(0)
    x = (x - mean) / std
    model = nn.Sequential(nn.Linear(13, 16), nn.GELU(), nn.Linear(16, 3))
    opt = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-3)
    for epoch in range(40):
        perm = torch.randperm(n_train)
        total = 0.0
        for chunk in perm.split(25):
            loss = nn.functional.cross_entropy(model(x[chunk]), y[chunk])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        if epoch % 5 == 4:
            with torch.no_grad():
                pred = model(x[n_train:])
                vl = nn.functional.cross_entropy(pred, y[n_train:])
                acc = (pred.argmax(1) == y[n_train:]).float().mean()
            print(f"epoch {epoch + 1}: train {total / 5:.4f} val {vl:.4f} acc {acc:.3f}")


if __name__ == "__main__":
    main()
