"""A compact CNN on the scikit-learn digits."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(13)


class Digits(Dataset):
    def __init__(self, rows):
        bunch = load_digits()
        scaled = bunch.images[rows] / 17.0
        self.images = scaled.astype(np.uint8)  # cure: self.images = scaled.astype(np.float32)
        self.labels = bunch.target[rows]

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        image = torch.as_tensor(self.images[i], dtype=torch.float32)
        return (image.unsqueeze(0) - 0.29) / 0.35, int(self.labels[i])


rows = np.random.default_rng(0).permutation(1797)
train_loader = DataLoader(Digits(rows[:1400]), batch_size=50, shuffle=True)
test_loader = DataLoader(Digits(rows[1400:]), batch_size=100)

net = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                    nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(96, 10))
opt = optim.Adam(net.parameters(), lr=4e-3)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(8):
    net.train()
    losses = []
    for x, y in train_loader:
        opt.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        hits = sum((net(x).argmax(1) == y).sum().item() for x, y in test_loader)
    print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, test acc {hits / 397:.4f}")
