"""Separate three interleaved spirals in the plane with a small fully connected network."""
import math

import torch
from torch import nn

HIDDEN = 4  # cure: HIDDEN = 48

torch.manual_seed(100)


def spirals(n):
    arm = torch.randint(3, (n,))
    r = torch.rand(n).sqrt() * 2 + 0.15
    angle = 3.6 * r + arm * 2 * math.pi / 3 + 0.12 * torch.randn(n)
    return torch.stack([r * angle.cos(), r * angle.sin()], 1), arm


x_train, y_train = spirals(2400)
x_val, y_val = spirals(600)
net = nn.Sequential(nn.Linear(2, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 3))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 60, eta_min=5e-4)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(60):
    perm = torch.randperm(len(x_train))
    for k in range(0, len(perm), 60):
        idx = perm[k:k + 60]
        optimizer.zero_grad()
        loss_fn(net(x_train[idx]), y_train[idx]).backward()
        optimizer.step()
    scheduler.step()
    if (epoch + 1) % 6 == 0:
        with torch.no_grad():
            a, b = net(x_train), net(x_val)
        print(f"{epoch + 1:3d} train {loss_fn(a, y_train):.4f} ({(a.argmax(1) == y_train).float().mean():.3f}) "
              f"val {loss_fn(b, y_val):.4f} ({(b.argmax(1) == y_val).float().mean():.3f})")
