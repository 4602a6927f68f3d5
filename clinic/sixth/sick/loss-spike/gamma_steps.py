"""Digits with a small CNN and batch norm; the rate is lowered tenfold at two milestones."""
import torch
from torch import nn, optim
from torch.optim.lr_scheduler import MultiStepLR
from torch.utils.data import DataLoader, TensorDataset, random_split
from sklearn.datasets import load_digits

torch.manual_seed(33)
bunch = load_digits()
x = torch.tensor(bunch.images, dtype=torch.float32)[:, None] / 8 - 1
full = TensorDataset(x, torch.tensor(bunch.target))
train_set, val_set = random_split(full, [1400, 397])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
val_loader = DataLoader(val_set, batch_size=397)

net = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(96, 10))
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
scheduler = MultiStepLR(optimizer, milestones=[9, 12], gamma=10)  # cure: scheduler = MultiStepLR(optimizer, milestones=[9, 12], gamma=0.1)

for epoch in range(1, 15):
    net.train()
    s = 0.0
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = criterion(net(xb), yb)
        loss.backward()
        optimizer.step()
        s += loss.item() * len(xb)
    scheduler.step()
    net.eval()
    with torch.no_grad():
        for xb, yb in val_loader:
            out = net(xb)
            print(f"Epoch {epoch:2d} | train {s / 1400:.4f} | val {criterion(out, yb).item():.4f} | "
                  f"acc {(out.argmax(1) == yb).float().mean().item():.4f}")
