"""An LSTM forecasts tomorrow's temperature change from a week of weather-station readings."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
rng = np.random.default_rng(0)

days = 4000
pressure = np.zeros(days)
humidity = np.zeros(days)
for d in range(1, days):
    pressure[d] = 0.8 * pressure[d - 1] + rng.normal()
    humidity[d] = 0.7 * humidity[d - 1] + rng.normal()
change = np.zeros(days)
change[2:] = 0.7 * np.tanh(pressure[1:-1] - pressure[:-2]) + 0.5 * np.sin(humidity[1:-1]) + 0.15 * rng.normal(size=days - 2)
readings = np.stack([101325 + 600 * pressure, 60 + 12 * humidity, 288 + 4 * np.cumsum(change - change.mean()) / 20], axis=1)

WEEK = 7
series = torch.tensor(readings, dtype=torch.float32)
x = torch.stack([series[d : d + WEEK] for d in range(days - WEEK)])
y = torch.tensor(change[WEEK:], dtype=torch.float32)
split = 3200
# cure: x = (x - x[:split].mean((0, 1))) / x[:split].std((0, 1))
train = DataLoader(TensorDataset(x[:split], y[:split]), batch_size=64, shuffle=True)


class Forecaster(nn.Module):
    def __init__(self, features=3, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, week):
        states, _ = self.lstm(week)
        return self.out(states[:, -1]).squeeze(-1)


model = Forecaster()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
loss_fn = nn.MSELoss()
print(f"variance of the target: {y.var():.3f}")
for epoch in range(15):
    model.train()
    for xb, yb in train:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        fit, valid = loss_fn(model(x[:split]), y[:split]), loss_fn(model(x[split:]), y[split:])
    print(f"epoch {epoch + 1:2d}  train mse {fit:.4f}  valid mse {valid:.4f}")
