"""Hourly load of a (simulated) power grid: an LSTM predicts the next hour from the last two days."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(11)
gen = np.random.default_rng(11)
HISTORY = 48

hour = np.arange(2200)
load = 50 + 10 * np.sin(2 * np.pi * hour / 24) + 5 * np.sin(2 * np.pi * hour / 168) + 3 * np.cos(4 * np.pi * hour / 24)
load = load + gen.normal(0, 1.0, len(hour))
mean, std = load[:1700].mean(), load[:1700].std()
load = ((load - mean) / std).astype("float32")

inputs, targets = [], []
for start in range(len(load) - HISTORY):
    window = load[:HISTORY]  # cure: window = load[start:start + HISTORY]
    inputs.append(window)
    targets.append(load[start + HISTORY])
inputs = torch.tensor(np.array(inputs)).unsqueeze(-1)
targets = torch.tensor(np.array(targets))
n = 1600
x_train, y_train = inputs[:n], targets[:n]
x_test, y_test = inputs[n + HISTORY:], targets[n + HISTORY:]


class LoadModel(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return self.fc(h[-1]).squeeze(-1)


model = LoadModel()
loss_fn = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(14):
    batch_losses = []
    for idx in torch.randperm(n).split(64):
        optimizer.zero_grad()
        loss = loss_fn(model(x_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        batch_losses.append(loss.item())
    with torch.no_grad():
        test = loss_fn(model(x_test), y_test).item()
    print(f"Epoch {epoch + 1:02d} | train {np.mean(batch_losses):.4f} | test {test:.4f}")
