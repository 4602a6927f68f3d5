"""Tell six leaf outlines apart on 20x20 binary-like drawings (CNN, SGD with exponential decay of the rate)."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class LeafDataset(Dataset):
    """Draws leaves r(phi) = 1 + a cos(k phi) with lobes k = 2..7, turned and scaled at random."""

    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        axis = np.linspace(-1.6, 1.6, 20)
        xx, yy = np.meshgrid(axis, axis)
        self.labels = rng.integers(0, 6, n)
        self.images = np.empty((n, 1, 20, 20), dtype=np.float32)
        for i, c in enumerate(self.labels):
            dx, dy = rng.normal(0, 0.1, 2)
            phi = np.arctan2(yy - dy, xx - dx) + rng.uniform(0, 2 * np.pi)
            r = np.hypot(xx - dx, yy - dy) / rng.uniform(0.8, 1.1)
            inside = r < 1 + 0.35 * np.cos((c + 2) * phi)
            self.images[i, 0] = inside - 0.5 + rng.normal(0, 0.25, (20, 20))

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return torch.from_numpy(self.images[i] * 2), int(self.labels[i])


def build():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 25, 64), nn.ReLU(), nn.Linear(64, 6))


def accuracy(model, loader):
    model.eval()
    right = 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x).argmax(1) == y).sum().item()
    return right / len(loader.dataset)


torch.manual_seed(0)
train_loader = DataLoader(LeafDataset(2400, 1), batch_size=48, shuffle=True)
valid_loader = DataLoader(LeafDataset(600, 2), batch_size=200)
model = build()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.8)

for epoch in range(10):
    model.train()
    running = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        scheduler.step()  # cure: delete
        running += loss.item()
    # cure: scheduler.step()
    print(f"epoch {epoch}: loss {running / len(train_loader):.4f}, valid accuracy {accuracy(model, valid_loader):.4f}")
