"""Digits with a slim convolutional net: all widths are scaled by one factor."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split


def build(width=0.05):  # cure: def build(width=1.0):
    def channels(n):
        return max(1, round(n * width))

    a, b, c = channels(16), channels(32), channels(48)
    return nn.Sequential(
        nn.Conv2d(1, a, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(4 * b, c), nn.Tanh(), nn.Linear(c, 10))


def main(epochs=25):
    torch.manual_seed(5)
    data = load_digits()
    x = torch.tensor(data.images, dtype=torch.float32)[:, None]
    x = (x - x.mean()) / x.std()
    train, valid = random_split(TensorDataset(x, torch.tensor(data.target)), [1400, 397])
    train, valid = DataLoader(train, 32, shuffle=True), DataLoader(valid, 397)
    net = build()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        total, right = 0.0, 0
        for xb, yb in train:
            out = net(xb)
            loss = criterion(out, yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() / len(train)
            right += (out.argmax(1) == yb).sum().item()
        with torch.no_grad():
            xb, yb = next(iter(valid))
            acc = (net(xb).argmax(1) == yb).float().mean()
        print(f"{epoch:2d}  loss {total:.4f}  train acc {right / 1400:.3f}  valid acc {acc:.3f}")


main()
