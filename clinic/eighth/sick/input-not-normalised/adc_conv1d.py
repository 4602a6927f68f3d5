"""Detect the fault type of a pump from three sensor channels (vibration, pressure in Pa, motor current in mA)."""
import argparse
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--batch-size", type=int, default=32)
args = parser.parse_args()

torch.manual_seed(1)
rng = np.random.default_rng(1)


def record(n, length=64):
    kind = rng.integers(0, 4, n)
    t = np.arange(length)[None]
    phase = rng.uniform(0, 6.28, (n, 1))
    vib = 0.02 * rng.normal(size=(n, length)) + 0.05 * (kind == 1)[:, None] * np.sin(1.2 * t + phase)
    press = 101325 + 900 * rng.normal(size=(n, 1)) + 150 * rng.normal(size=(n, length))
    press += 500 * (kind == 2)[:, None] * np.sin(0.3 * t + phase)
    cur = 2400 + 120 * rng.normal(size=(n, 1)) + 30 * rng.normal(size=(n, length))
    cur += 90 * (kind == 3)[:, None] * np.sign(np.sin(0.5 * t + phase))
    return np.stack([vib, press, cur], 1).astype(np.float32), kind


x_train, y_train = record(1600)
x_test, y_test = record(400)
# cure: mean, std = x_train.mean((0, 2), keepdims=True), x_train.std((0, 2), keepdims=True)
# cure: x_train, x_test = (x_train - mean) / std, (x_test - mean) / std
x_train, x_test = torch.from_numpy(x_train), torch.from_numpy(x_test)
y_train, y_test = torch.from_numpy(y_train), torch.from_numpy(y_test)
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=args.batch_size, shuffle=True)

model = nn.Sequential(
    nn.Conv1d(3, 24, 7, padding=3), nn.ReLU(), nn.MaxPool1d(2),
    nn.Conv1d(24, 32, 5, padding=2), nn.ReLU(), nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(32, 4))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)

for epoch in range(args.epochs):
    total = 0.0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(xb)
    with torch.no_grad():
        acc = (model(x_test).argmax(1) == y_test).float().mean().item()
    print(f"epoch {epoch}: train loss {total / len(x_train):.4f}, test accuracy {acc:.3f}")
