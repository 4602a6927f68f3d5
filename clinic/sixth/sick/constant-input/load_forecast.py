"""One-step-ahead forecast of an electric load curve with a GRU over the last 24 hours."""
import math
import random
from collections import deque

import torch
from torch import nn

random.seed(2)
torch.manual_seed(2)


def load_curve(hours):
    level = 0.0
    for t in range(hours):
        level = 0.97 * level + random.gauss(0, 0.08)
        yield 0.9 * math.sin(2 * math.pi * t / 24) + 0.4 * math.sin(2 * math.pi * t / 168) + level


def windows(stream, size=24):
    past, rows, nxt = deque(maxlen=size), [], []
    for value in stream:
        if len(past) == size:
            rows.append(past)  # cure: rows.append(list(past))
            nxt.append(value)
        past.append(value)
    return torch.tensor([list(r) for r in rows]).unsqueeze(-1), torch.tensor(nxt)


class Forecaster(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        _, h = self.gru(x)
        return self.out(h[-1]).squeeze(-1)


X, Y = windows(load_curve(1800))
n = 1400
mean, std = Y[:n].mean(), Y[:n].std()
X, Y = (X - mean) / std, (Y - mean) / std
net = Forecaster()
optim = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(10):
    losses = []
    for idx in torch.randperm(n).split(50):
        optim.zero_grad()
        loss = nn.functional.mse_loss(net(X[idx]), Y[idx])
        loss.backward()
        optim.step()
        losses.append(loss.item())
    with torch.no_grad():
        val = nn.functional.mse_loss(net(X[n:]), Y[n:]).item()
    print(f"epoch {epoch:2d}  train mse {sum(losses) / len(losses):.4f}  val mse {val:.4f}")
