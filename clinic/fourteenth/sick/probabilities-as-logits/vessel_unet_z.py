"""Segment thin bright curves in noisy pictures with a two-level U-Net."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Curves(Dataset):
    def __init__(self, n, seed, size=32):
        rng = np.random.default_rng(seed)
        xs = np.arange(size)
        self.items = []
        for _ in range(n):
            mid = size / 2 + rng.uniform(-8, 8) + rng.uniform(2, 6) * np.sin(xs * rng.uniform(0.1, 0.4) + rng.uniform(0, 6))
            mask = (np.abs(xs[:, None] - mid[None]) < 1.2).astype(np.float32)
            image = mask + rng.normal(0, 0.6, (size, size))
            self.items.append((torch.tensor(image[None] - 0.07, dtype=torch.float32), torch.tensor(mask[None])))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


def double(a, b):
    return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.Conv2d(b, b, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.top, self.low, self.up = double(1, 8), double(8, 16), double(24, 8)
        self.last = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        a = self.top(x)
        b = self.low(F.max_pool2d(a, 2))
        y = self.last(self.up(torch.cat([a, F.interpolate(b, scale_factor=2)], 1)))
        return torch.sigmoid(y)


def main():
    torch.manual_seed(0)
    train = DataLoader(Curves(500, 0), batch_size=20, shuffle=True)
    test = DataLoader(Curves(100, 1), batch_size=50)
    net = UNet()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCELoss()
    for epoch in range(16):
        running = 0.0
        for image, mask in train:
            opt.zero_grad()
            loss = criterion(net(image), mask)
            loss.backward()
            opt.step()
            running += loss.item() / len(train)
        inter = union = 0
        with torch.no_grad():
            for image, mask in test:
                pred, true = net(image) > 0.5, mask > 0.5
                inter, union = inter + (pred & true).sum().item(), union + (pred | true).sum().item()
        print(f"epoch {epoch}: loss {running:.4f}  IoU {inter / union:.3f}")


if __name__ == "__main__":
    main()
