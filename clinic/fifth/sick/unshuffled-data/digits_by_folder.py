"""Digit classifier; the images are read class by class, as from one folder per class."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def read_folders(part):
    bunch = load_digits()
    images, labels = [], []
    for c in range(10):
        files = np.random.RandomState(c).permutation(np.flatnonzero(bunch.target == c))
        cut = int(0.8 * len(files))
        files = files[:cut] if part == "train" else files[cut:]
        images.append(bunch.data[files])
        labels.append(np.full(len(files), c))
    x = torch.tensor(np.concatenate(images) / 8.0 - 0.6, dtype=torch.float32)
    return TensorDataset(x, torch.tensor(np.concatenate(labels)))


def get_loader(part, batch_size=32, shuffle=False):
    return DataLoader(read_folders(part), batch_size=batch_size, shuffle=shuffle)


class MLP(nn.Module):
    def __init__(self, sizes=(64, 64, 32, 10)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)


def accuracy(model, loader):
    with torch.no_grad():
        hits = sum((model(x).argmax(1) == y).sum().item() for x, y in loader)
    return hits / len(loader.dataset)


def main():
    torch.manual_seed(0)
    train = get_loader("train")  # cure: train = get_loader("train", shuffle=True)
    valid = get_loader("valid", 200)
    model = MLP()
    opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.8, weight_decay=1e-3)
    crit = nn.CrossEntropyLoss()
    for epoch in range(14):
        total = 0.0
        for x, y in train:
            opt.zero_grad()
            loss = crit(model(x), y)
            loss.backward()
            opt.step()
            total += loss.item()
        if epoch % 2 == 1:
            print(f"epoch {epoch + 1:2d}: mean batch loss {total / len(train):.4f}, valid accuracy {accuracy(model, valid):.3f}")


if __name__ == "__main__":
    main()
