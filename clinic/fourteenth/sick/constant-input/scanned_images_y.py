"""Scanned digits arrive as bytes (0..240); a convolutional network reads them."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset


def scans():
    d = load_digits()
    return (d.images * 15).astype(np.uint8), d.target.astype(np.int64)


def prepare(images, labels):
    x = torch.tensor(images / 255, dtype=torch.long)  # cure: x = torch.tensor(images / 255, dtype=torch.float32)
    x = (x.float() - 0.29) / 0.35
    return TensorDataset(x.unsqueeze(1), torch.tensor(labels))


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 4, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


def main():
    torch.manual_seed(0)
    images, labels = scans()
    order = np.random.RandomState(0).permutation(len(images))
    train = prepare(images[order[:1400]], labels[order[:1400]])
    valid = prepare(images[order[1400:]], labels[order[1400:]])
    model = Reader()
    opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
    for epoch in range(1, 13):
        model.train()
        total = 0.0
        for x, y in DataLoader(train, batch_size=40, shuffle=True):
            loss = F.cross_entropy(model(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(y)
        model.eval()
        with torch.no_grad():
            hits = sum((model(x).argmax(1) == y).sum().item() for x, y in DataLoader(valid, batch_size=200))
        print(f"epoch {epoch:2d}: loss {total / len(train):.4f}, accuracy {hits / len(valid):.3f}")


main()
