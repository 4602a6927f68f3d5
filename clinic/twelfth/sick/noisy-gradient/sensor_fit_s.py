"""Fit a smooth response curve to very noisy sensor readings (cosine features, linear readout)."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Readings(Dataset):
    def __init__(self, n, seed, noise=2.0, terms=8):
        g = torch.Generator().manual_seed(seed)
        x = torch.rand(n, 1, generator=g)
        self.features = math.sqrt(2) * torch.cos(math.pi * x * torch.arange(1, terms + 1))
        self.clean = torch.sin(2 * math.pi * x) + torch.cos(3 * math.pi * x ** 2)
        self.y = self.clean + noise * torch.randn(n, 1, generator=g)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.features[i], self.y[i]


torch.manual_seed(0)
train_set, test_set = Readings(2000, 1), Readings(500, 2)
loader = DataLoader(train_set, shuffle=True)  # cure: loader = DataLoader(train_set, batch_size=50, shuffle=True)

net = nn.Linear(8, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.03)
for epoch in range(6):
    total = 0.0
    for x, y in loader:
        loss = (net(x) - y).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    with torch.no_grad():
        gap = (net(test_set.features) - test_set.clean).pow(2).mean().item()
    print(f"epoch {epoch}: mse on noisy readings {total / len(train_set):.3f}, distance to the true curve {gap:.4f}")
