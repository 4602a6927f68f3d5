"""Classify accelerometer-like signals (walk, run, stairs, rest) with a 1-d convolutional net."""
import argparse
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

p = argparse.ArgumentParser()
p.add_argument("--epochs", type=int, default=10)
p.add_argument("--lr", type=float, default=2e-3)
p.add_argument("--seed", type=int, default=0)
args = p.parse_args()


def signals(n, rng):
    y = rng.integers(0, 4, n)
    t = np.arange(64) / 32
    f = np.array([1.8, 2.8, 1.4, 0.3])[y] * rng.uniform(0.9, 1.1, n)
    amp = np.array([1.0, 1.6, 1.0, 0.2])[y] * rng.uniform(0.7, 1.3, n)
    base = amp[:, None] * np.sin(2 * np.pi * (f[:, None] * t + rng.random((n, 1))))
    second = np.where(y == 2, 0.6, 0.1)[:, None] * np.sin(4 * np.pi * (f[:, None] * t + rng.random((n, 1))))
    x = np.stack([base + second, 0.5 * base ** 2], 1) + rng.normal(0, 0.4, (n, 2, 64))
    x = (x - x.mean((0, 2), keepdims=True)) / x.std((0, 2), keepdims=True)
    return TensorDataset(torch.tensor(x, dtype=torch.float32), torch.tensor(y))


def conv(a, b):
    return nn.Sequential(
        nn.Conv1d(a, b, 5, padding=2, bias=False),
        nn.BatchNorm1d(b, momentum=0.001),  # cure: nn.BatchNorm1d(b, momentum=0.1),
        nn.ReLU(),
        nn.MaxPool1d(2),
    )


torch.manual_seed(args.seed)
rng = np.random.default_rng(args.seed)
train = DataLoader(signals(2000, rng), batch_size=64, shuffle=True)
test = DataLoader(signals(600, rng), batch_size=200)
net = nn.Sequential(conv(2, 16), conv(16, 32), conv(32, 32), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(32, 4))
optimizer = torch.optim.Adam(net.parameters(), lr=args.lr)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(args.epochs):
    net.train()
    hits = 0
    for x, y in train:
        out = net(x)
        loss = loss_fn(out, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        hits += (out.argmax(1) == y).sum().item()
    net.eval()
    with torch.no_grad():
        scores = [(loss_fn(net(x), y).item(), (net(x).argmax(1) == y).float().mean().item()) for x, y in test]
    test_loss, test_acc = np.mean(scores, axis=0)
    print(f"epoch {epoch}: train acc {hits / 2000:.3f}  test loss {test_loss:.3f}  test acc {test_acc:.3f}")
