"""Represent a short tone as a neural field: time in, amplitude out, so that it can be resampled at will."""
import math

import torch
from torch import nn


def tone(t):
    return torch.sin(2 * math.pi * 23 * t) * 0.8 + torch.sin(2 * math.pi * 37 * t + 1.0) * 0.5


class Field(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.freq = torch.arange(1, 49) * 2 * math.pi
        n_in = 1  # cure: n_in = 2 * len(self.freq)
        self.net = nn.Sequential(nn.Linear(n_in, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, t):
        h = 2 * t - 1  # cure: h = torch.cat([torch.sin(t * self.freq), torch.cos(t * self.freq)], 1)
        return self.net(h)


torch.manual_seed(0)
t = torch.linspace(0, 1, 2000)[:, None]
y = tone(t)
t_between = torch.rand(500, 1)
y_between = tone(t_between)
field = Field()
optimizer = torch.optim.Adam(field.parameters(), lr=1e-3)
for epoch in range(60):
    for rows in torch.randperm(len(t)).split(100):
        loss = nn.functional.mse_loss(field(t[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            a, b = nn.functional.mse_loss(field(t), y), nn.functional.mse_loss(field(t_between), y_between)
        print(f"epoch {epoch + 1:3d}  samples {a:.5f}  between {b:.5f}")
