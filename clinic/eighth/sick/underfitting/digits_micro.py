"""Digits classifier for a micro-controller."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class Model(nn.Module):
    def __init__(self, hidden=2):  # cure: def __init__(self, hidden=48):
        super().__init__()
        self.fc1 = nn.Linear(64, hidden)
        self.fc2 = nn.Linear(hidden, 10)

    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x)))


def accuracy(model, loader):
    hit = n = 0
    with torch.no_grad():
        for x, y in loader:
            hit += (model(x).argmax(1) == y).sum().item()
            n += len(y)
    return hit / n


def main():
    torch.manual_seed(36)
    raw = load_digits()
    x = torch.tensor(raw.data, dtype=torch.float32)
    x = (x - x.mean()) / x.std()
    full = TensorDataset(x, torch.tensor(raw.target))
    train_set, valid_set = random_split(full, [1400, 397])
    train = DataLoader(train_set, batch_size=32, shuffle=True)
    valid = DataLoader(valid_set, batch_size=397)
    model = Model()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-4)
    for epoch in range(30):
        total = 0.0
        for xb, yb in train:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(xb), yb)
            loss.backward()
            optimizer.step()
            total += loss.item()
        if epoch % 3 == 2:
            print(f"epoch {epoch + 1} loss {total / len(train):.4f} train acc {accuracy(model, train):.3f} valid acc {accuracy(model, valid):.3f}")


main()
