"""Handwritten digits with a compact MLP (has to fit a microcontroller)."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

HIDDEN = 2  # cure: HIDDEN = 48


def load():
    bunch = load_digits()
    x = torch.as_tensor(bunch.data, dtype=torch.float32)
    y = torch.as_tensor(bunch.target)
    perm = torch.randperm(len(x))
    x, y = x[perm], y[perm]
    keep = x[:1400].std(0) > 0.1
    x = x[:, keep]
    x = (x - x[:1400].mean(0)) / (x[:1400].std(0) + 0.5)
    return (x[:1400], y[:1400]), (x[1400:], y[1400:]), int(keep.sum())


def accuracy(net, part):
    with torch.no_grad():
        return (net(part[0]).argmax(1) == part[1]).float().mean().item()


torch.manual_seed(16)
train, test, n_features = load()
net = nn.Sequential(nn.Linear(n_features, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 10))
print("parameters:", sum(p.numel() for p in net.parameters()))
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3, weight_decay=1e-4)
criterion = nn.CrossEntropyLoss()
for epoch in range(1, 22):
    running = 0.0
    for idx in torch.randperm(len(train[0])).split(28):
        optimizer.zero_grad()
        loss = criterion(net(train[0][idx]), train[1][idx])
        loss.backward()
        optimizer.step()
        running += loss.item() * len(idx)
    if epoch % 3 == 0:
        print(f"Epoch {epoch}: loss {running / 1400:.4f}, train acc {accuracy(net, train):.3f}, test acc {accuracy(net, test):.3f}")
