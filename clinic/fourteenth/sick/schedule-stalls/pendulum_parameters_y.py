"""Predict two physical quantities of a simulated pendulum; the rate is lowered when the validation loss stops improving."""
import math

import torch
from torch import nn, optim
from torch.optim.lr_scheduler import ReduceLROnPlateau

torch.manual_seed(77)


def simulate(n):
    amplitude, phase = torch.rand(n) * 1.5 + 0.5, torch.rand(n) * 2 * math.pi
    freq = torch.rand(n) * 1.5 + 0.5
    t = torch.linspace(0, 6, 25)
    x = amplitude[:, None] * torch.sin(freq[:, None] * t + phase[:, None]) + 0.03 * torch.randn(n, 25)
    y = torch.stack([amplitude, freq], 1)
    return x, (y - torch.tensor([1.25, 1.25])) / 0.433


x_train, y_train = simulate(2000)
x_valid, y_valid = simulate(500)
model = nn.Sequential(nn.Linear(25, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
scheduler = ReduceLROnPlateau(optimizer, mode="max", factor=0.2, patience=1)  # cure: scheduler = ReduceLROnPlateau(optimizer, mode="min", factor=0.5, patience=5)
mse = nn.MSELoss()

for epoch in range(1, 61):
    model.train()
    running = 0.0
    for idx in torch.randperm(2000).split(50):
        optimizer.zero_grad()
        loss = mse(model(x_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        running += loss.item() * len(idx) / 2000
    model.eval()
    with torch.no_grad():
        valid = mse(model(x_valid), y_valid)
    scheduler.step(valid)
    if epoch % 5 == 0:
        print(f"epoch {epoch:2d}  train {running:.4f}  valid {valid.item():.4f}")
