"""Sensor-pattern classifier with dropout: accuracy is reported under no_grad after each epoch."""
import math
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(14)


def patterns(n, classes=6, length=48):
    y = torch.randint(classes, (n,))
    t = torch.linspace(0, 1, length)
    freq = 2.0 + 0.5 * y.float().unsqueeze(1)
    x = torch.sin(2 * math.pi * (freq * t + torch.rand(n, 1))) + 0.7 * torch.randn(n, length)
    return x, y


train_loader = DataLoader(TensorDataset(*patterns(3000)), batch_size=64, shuffle=True)
test_loader = DataLoader(TensorDataset(*patterns(1000)), batch_size=250)

model = nn.Sequential(
    nn.Linear(48, 64), nn.ReLU(), nn.Dropout(0.5),
    nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.5),
    nn.Linear(64, 6),
)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(1, 16):
    model.train()
    train_loss = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        train_loss += loss.item()

    # cure: model.eval()
    correct, total, test_loss = 0, 0, 0.0
    with torch.no_grad():
        for x, y in test_loader:
            out = model(x)
            test_loss += criterion(out, y).item()
            correct += (out.argmax(1) == y).sum().item()
            total += y.size(0)
    print(f"Epoch {epoch:2d}: train loss {train_loss / len(train_loader):.4f}, "
          f"test loss {test_loss / len(test_loader):.4f}, test acc {100 * correct / total:.1f}%")
