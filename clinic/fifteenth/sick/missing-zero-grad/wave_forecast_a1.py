"""Forecast the next value of a noisy sum of waves with a GRU."""
import math

import torch
from torch import nn

torch.manual_seed(14)


def windows(n, length=24):
    start = torch.rand(n, 1) * 200
    t = start + torch.arange(length + 1.0)
    s = torch.sin(2 * math.pi * t / 11) + 0.6 * torch.sin(2 * math.pi * t / 7 + 1.0) + 0.1 * torch.randn(n, length + 1)
    return s[:, :-1].unsqueeze(-1), s[:, -1:]


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(1, 20, batch_first=True)
        self.head = nn.Linear(20, 1)

    def forward(self, x):
        return self.head(self.rnn(x)[0][:, -1])


x_train, y_train = windows(2000)
x_val, y_val = windows(500)
model = Forecaster()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
criterion = nn.MSELoss()

for epoch in range(16):
    optimizer.zero_grad()  # cure: delete
    perm = torch.randperm(len(x_train))
    epoch_loss = 0.0
    for k in range(0, len(perm), 40):
        idx = perm[k:k + 40]
        # cure: optimizer.zero_grad()
        loss = criterion(model(x_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(idx)
    with torch.no_grad():
        val = criterion(model(x_val), y_val).item()
    print("epoch {:2d}: train mse {:.4f}, val mse {:.4f}, weight norm {:.2f}".format(
        epoch, epoch_loss / len(x_train), val, sum(p.norm().item() for p in model.parameters())))
