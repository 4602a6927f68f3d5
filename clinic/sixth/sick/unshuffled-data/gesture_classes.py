"""Recognise six hand gestures from accelerometer traces with a 1-d convolutional network."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(10)
T = 40


def record(gesture, n):
    """n traces of one gesture: three axes, random phase and speed."""
    t = torch.linspace(0, 1, T)
    phase = torch.rand(n, 1) * 2 * math.pi
    f = (1 + gesture % 3) * (1 + 0.1 * torch.randn(n, 1))
    x = torch.sin(2 * math.pi * f * t + phase)
    y = torch.cos(2 * math.pi * f * t + phase) * (1 if gesture < 3 else -1)
    z = 0.3 * torch.randn(n, T)
    return torch.stack([x, y, z], 1) + 0.3 * torch.randn(n, 3, T)


def collect(per_class):
    xs, ys = [], []
    for g in range(6):
        xs.append(record(g, per_class))
        ys.append(torch.full((per_class,), g))
    return TensorDataset(torch.cat(xs), torch.cat(ys))


train, test = collect(200), collect(60)
train_loader = DataLoader(train, batch_size=40)  # cure: train_loader = DataLoader(train, batch_size=40, shuffle=True)
test_loader = DataLoader(test, batch_size=120)

model = nn.Sequential(
    nn.Conv1d(3, 16, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
    nn.Conv1d(16, 32, 5, padding=2), nn.ReLU(), nn.AdaptiveMaxPool1d(1),
    nn.Flatten(), nn.Linear(32, 6))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(12):
    mean_loss = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        mean_loss += loss.item() / len(train_loader)
    with torch.no_grad():
        correct = sum((model(x).argmax(1) == y).sum().item() for x, y in test_loader)
    print(f"epoch {epoch + 1:2d}: loss {mean_loss:.3f}  test acc {correct / len(test):.3f}")
