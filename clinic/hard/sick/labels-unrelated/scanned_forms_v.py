"""Digit recognition on scanned form fields. Scans are stored one file per field, the transcription
is a csv; both are joined by file name before a small conv net is trained."""
import csv
import io
import os
import tempfile

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset


def export(folder):
    """Stands in for the scanner: writes field0.npy, field1.npy, ... and returns the transcription."""
    d = load_digits()
    order = np.random.default_rng(2).permutation(len(d.target))
    sheet = io.StringIO()
    w = csv.writer(sheet)
    for i, j in enumerate(order):
        np.save(os.path.join(folder, f"field{i}.npy"), d.images[j].astype("float32"))
        w.writerow([i, int(d.target[j])])
    return sheet.getvalue()


class Fields(Dataset):
    def __init__(self, folder, transcription):
        files = sorted(os.listdir(folder))  # cure: files = sorted(os.listdir(folder), key=lambda f: int(f[5:-4]))
        self.images = torch.stack([torch.from_numpy(np.load(os.path.join(folder, f))) for f in files])
        self.images = (self.images.unsqueeze(1) - 4.9) / 6.0
        self.labels = torch.tensor([int(row[1]) for row in csv.reader(io.StringIO(transcription))])
        assert len(self.images) == len(self.labels)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.images[i], self.labels[i]


def evaluate(net, loader):
    good = seen = 0
    with torch.no_grad():
        for x, y in loader:
            good += (net(x).argmax(1) == y).sum().item()
            seen += len(y)
    return good / seen


def main():
    torch.manual_seed(2)
    with tempfile.TemporaryDirectory() as folder:
        data = Fields(folder, export(folder))
    train = DataLoader(Subset(data, range(1400)), batch_size=32, shuffle=True)
    valid = DataLoader(Subset(data, range(1400, len(data))), batch_size=200)
    net = nn.Sequential(
        nn.Conv2d(1, 12, 3), nn.LeakyReLU(0.1), nn.Conv2d(12, 24, 3), nn.LeakyReLU(0.1), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(96, 48), nn.LeakyReLU(0.1), nn.Linear(48, 10))
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(1, 11):
        total = 0.0
        for x, y in train:
            loss = nn.functional.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        print(f"{epoch:2d}/10  loss {total / len(train):.3f}  accuracy on held-out fields {evaluate(net, valid):.3f}")


main()
