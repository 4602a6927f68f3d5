"""LeNet-like network for the 8x8 digit images, pixel values scaled to the unit interval."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, Dataset


class DigitImages(Dataset):
    def __init__(self, images, labels):
        self.images = images
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return torch.from_numpy(self.images[i]).float()[None], int(self.labels[i])


def load(seed=0):
    raw = load_digits()
    images = (raw.images / 255).astype(np.uint8)  # cure: images = raw.images / 16
    order = np.random.default_rng(seed).permutation(len(images))
    images, labels = images[order], raw.target[order]
    return DigitImages(images[:1400], labels[:1400]), DigitImages(images[1400:], labels[1400:])


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1)
        self.conv2 = nn.Conv2d(12, 24, 3)
        self.fc1 = nn.Linear(24 * 3 * 3, 48)
        self.fc2 = nn.Linear(48, 10)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = nn.functional.max_pool2d(torch.relu(self.conv2(x)), 2)
        return self.fc2(torch.relu(self.fc1(x.flatten(1))))


torch.manual_seed(0)
train_ds, val_ds = load()
net = LeNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(6):
    for xb, yb in DataLoader(train_ds, batch_size=50, shuffle=True):
        loss = nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        hits = sum((net(xb).argmax(1) == yb).sum().item() for xb, yb in DataLoader(val_ds, batch_size=200))
    print(f"epoch {epoch}: last loss {loss.item():.4f}, val accuracy {hits / len(val_ds):.3f}")
