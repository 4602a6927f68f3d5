"""Small CNN on drawn 16x16 signs (disc, square, triangle, cross), stored as 8-bit images."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset

YY, XX = np.mgrid[0:16, 0:16]


def draw(kind, rng):
    cx, cy, r = rng.uniform(6, 9), rng.uniform(6, 9), rng.uniform(3.5, 5.5)
    dx, dy = XX - cx, YY - cy
    mask = [dx ** 2 + dy ** 2 < r * r,
            np.maximum(abs(dx), abs(dy)) < r * 0.9,
            (dy < r * 0.8) & (dy > 2 * abs(dx) - r),
            ((abs(dx) < 1.6) | (abs(dy) < 1.6)) & (np.maximum(abs(dx), abs(dy)) < r)][kind]
    img = 60 + 130 * mask * rng.uniform(0.7, 1) + rng.normal(0, 22, (16, 16))
    return np.clip(img, 0, 250).astype(np.uint8)


class Signs(Dataset):
    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        self.kinds = rng.integers(0, 4, n)
        self.imgs = np.stack([draw(k, rng) for k in self.kinds])
        self.imgs = self.imgs // 255  # cure: self.imgs = self.imgs / 255

    def __len__(self):
        return len(self.kinds)

    def __getitem__(self, i):
        img = torch.as_tensor(self.imgs[i], dtype=torch.float32)[None]
        return (img - 0.38) / 0.22, int(self.kinds[i])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 12, 3, padding=1), nn.Conv2d(12, 24, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(24 * 16, 4)

    def forward(self, x):
        x = self.pool(torch.relu(self.c1(x)))
        x = self.pool(torch.relu(self.c2(x)))
        return self.fc(x.flatten(1))


torch.manual_seed(2)
train, test = DataLoader(Signs(1500, 0), 50, shuffle=True), DataLoader(Signs(400, 1), 200)
net, ce = Net(), nn.CrossEntropyLoss()
opt = torch.optim.Adam(net.parameters(), lr=1.5e-3)
for epoch in range(8):
    total = 0.0
    for img, kind in train:
        loss = ce(net(img), kind)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        good = sum((net(i).argmax(1) == k).sum().item() for i, k in test)
    print(f"epoch {epoch + 1} loss {total / len(train):.4f} test accuracy {good / 400:.3f}")
