"""A small ConvNet on digits kept in an image-folder layout."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from sklearn.datasets import load_digits


class FolderDigits(Dataset):
    """Mimics an image folder: one directory per class, walked in order."""

    def __init__(self, split):
        data = load_digits()
        self.items = []
        for folder in range(10):
            images = data.images[data.target == folder]
            chosen = images[:-40] if split == "train" else images[-40:]
            self.items += [(img, folder) for img in chosen]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        img, label = self.items[i]
        return (torch.tensor(img, dtype=torch.float32)[None] - 4.9) / 6.0, label


def evaluate(model, loader):
    model.eval()
    with torch.no_grad():
        right = [(model(x).argmax(1) == y).float() for x, y in loader]
    return torch.cat(right).mean().item()


torch.manual_seed(10)
train_loader = DataLoader(FolderDigits("train"), batch_size=32)  # cure: train_loader = DataLoader(FolderDigits("train"), batch_size=32, shuffle=True)
test_loader = DataLoader(FolderDigits("test"), batch_size=100)
model = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.Conv2d(16, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.8)
criterion = nn.CrossEntropyLoss()
for epoch in range(8):
    model.train()
    total = 0.0
    for x, y in train_loader:
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"Epoch {epoch + 1}/8  loss {total / len(train_loader):.4f}  test acc {evaluate(model, test_loader):.4f}")
