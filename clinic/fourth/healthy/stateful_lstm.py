"""Stateful LSTM on one long river-level record, read in order in pieces of 25 hours with the state carried over."""
import math

import torch
from torch import nn


def river(n, lanes, g):
    """Level driven by rain through two storages; lanes are separate gauges read side by side."""
    rain = torch.relu(torch.randn(n, lanes, generator=g) - 1.2) * 2
    fast, slow = torch.zeros(lanes), torch.zeros(lanes)
    level = []
    for t in range(n):
        fast = 0.8 * fast + rain[t]
        slow = 0.97 * slow + 0.08 * fast
        level.append(slow + 0.3 * fast + 0.2 * math.sin(2 * math.pi * t / 24))
    level = torch.stack(level)
    return torch.stack([(rain - 0.1) / 0.4, 0 * rain + torch.sin(torch.arange(n) * math.pi / 12)[:, None]], 2), level


class Gauge(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(2, hidden)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x, state=None):
        out, state = self.lstm(x, state)
        return self.head(out).squeeze(2), state


def main():
    torch.manual_seed(35)
    g = torch.Generator().manual_seed(35)
    x, y = river(1250, 32, g)
    xv, yv = river(500, 16, g)
    mu, sd = y.mean(), y.std()
    y, yv = (y - mu) / sd, (yv - mu) / sd
    model = Gauge()
    opt = torch.optim.Adam(model.parameters(), lr=4e-3)
    for epoch in range(8):
        state, total = None, 0.0
        for start in range(0, len(x), 25):
            out, state = model(x[start:start + 25], state)
            loss = nn.functional.mse_loss(out, y[start:start + 25])
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            state = tuple(s.detach() for s in state)
            total += loss.item()
        with torch.no_grad():
            valid = nn.functional.mse_loss(model(xv)[0][50:], yv[50:]).item()
        print(f"epoch {epoch}  mse {total / 50:.4f}  other gauges {valid:.4f}")


main()
