"""Train a CNN on digit images kept in one folder per class (the folders are imitated from scikit-learn's digits)."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, Dataset


def folders():
    digits = load_digits()
    return {str(c): digits.images[digits.target == c].astype(np.float32) for c in range(10)}


class ImageFolderLike(Dataset):
    """Walks through the class folders and collects (image, class index)."""

    def __init__(self, tree, part):
        self.samples = []
        for index, name in enumerate(sorted(tree)):
            files = tree[name]
            cut = int(0.8 * len(files))
            chosen = files[:cut] if part == "train" else files[cut:]
            self.samples += [(img, index) for img in chosen]

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        img, label = self.samples[i]
        return torch.from_numpy(img)[None] / 8 - 1, label


class SmallCNN(nn.Module):
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
    tree = folders()
    train_loader = DataLoader(ImageFolderLike(tree, "train"), batch_size=32)  # cure: train_loader = DataLoader(ImageFolderLike(tree, "train"), batch_size=32, shuffle=True)
    valid_loader = DataLoader(ImageFolderLike(tree, "valid"), batch_size=128)
    model = SmallCNN()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    for epoch in range(10):
        model.train()
        total = 0.0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()
        model.eval()
        right = count = 0
        with torch.no_grad():
            for x, y in valid_loader:
                right += (model(x).argmax(1) == y).sum().item()
                count += len(y)
        print(f"epoch {epoch}: loss {total / len(train_loader):.4f}, valid accuracy {right / count:.4f}")


if __name__ == "__main__":
    main()
