"""Temporal convolutions forecast the next six hours of an electric load from the last two days."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
hours = torch.arange(2600.0)
load = torch.sin(2 * math.pi * hours / 24) + 0.4 * torch.cos(2 * math.pi * hours / 12) + 0.5 * torch.sin(2 * math.pi * hours / 168)
load = load + 0.1 * torch.randn(len(hours))
load = (load - load.mean()) / load.std()
PAST, AHEAD = 48, 6
w = load.unfold(0, PAST + AHEAD, 1)
past, future = w[:, None, :PAST], w[:, PAST:]
train = TensorDataset(past[:2000], future[:2000])
past_val, future_val = past[2060:], future[2060:]


class TCN(nn.Module):
    def __init__(self, ch=16):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(1, ch, 3, dilation=1), nn.ReLU(),
            nn.Conv1d(ch, ch, 3, dilation=3), nn.ReLU(),
            nn.Conv1d(ch, ch, 3, dilation=9), nn.ReLU(),
        )
        self.head = nn.Sequential(nn.Conv1d(ch, 1, 1), nn.Linear(PAST - 26, AHEAD))

    def forward(self, x):
        return self.head(self.body(x))


model = TCN()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 16):
    losses = []
    for x, y in DataLoader(train, batch_size=50, shuffle=True):
        out = model(x)
        # cure: out = out.squeeze(1)
        loss = (out - y).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        mae = F.l1_loss(model(past_val).flatten(1), future_val).item()
    print(f"epoch {epoch:2d} | loss {sum(losses) / len(losses):.4f} | validation MAE {mae:.4f}")
