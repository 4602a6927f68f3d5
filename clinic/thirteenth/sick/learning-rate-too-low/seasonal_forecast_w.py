"""LSTM that forecasts the next value of a seasonal series from the last 24."""
import math

import torch
from torch import nn

torch.manual_seed(0)
t = torch.arange(1500.0)
series = torch.sin(2 * math.pi * t / 12) + 0.6 * torch.sin(2 * math.pi * t / 31) + 0.1 * torch.randn(1500)
series = (series - series.mean()) / series.std()
windows = series.unfold(0, 25, 1)
x, y = windows[:, :24, None], windows[:, 24]
x_train, y_train, x_test, y_test = x[:1200], y[:1200], x[1225:], y[1225:]


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1]).squeeze(1)


model = Forecaster()
optimizer = torch.optim.RMSprop(model.parameters(), lr=5e-6)  # cure: optimizer = torch.optim.RMSprop(model.parameters(), lr=2e-3)
loss_fn = nn.MSELoss()
for epoch in range(15):
    order = torch.randperm(len(x_train))
    total = 0.0
    for k in range(0, len(order), 40):
        idx = order[k:k + 40]
        optimizer.zero_grad()
        loss = loss_fn(model(x_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        test = loss_fn(model(x_test), y_test).item()
    print(f"epoch {epoch + 1:2d}: train mse {total / len(x_train):.4f}, test mse {test:.4f}")
