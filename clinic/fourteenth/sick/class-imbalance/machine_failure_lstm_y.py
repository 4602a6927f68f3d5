"""Predict from 30 minutes of vibration whether a machine fails within the next hour."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(29)
rng = np.random.default_rng(29)


def recordings(n, rate=0.03):
    fails = rng.random(n) < rate
    x = rng.normal(0, 1, (n, 30, 2))
    trend = np.linspace(0, 1, 30)[None, :] * rng.uniform(0.2, 1.4, (n, 1))
    x[:, :, 0] += fails[:, None] * trend
    x[:, :, 1] *= 1 + fails[:, None] * trend * 0.4
    return torch.tensor(x, dtype=torch.float32), torch.tensor(fails, dtype=torch.float32)


class FailureModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 16, batch_first=True)
        self.linear = nn.Linear(16, 1)

    def forward(self, x):
        return self.linear(self.lstm(x)[0].mean(1)).squeeze(1)


x_train, y_train = recordings(4000)
x_test, y_test = recordings(2000)
train_loader = DataLoader(TensorDataset(x_train, y_train), batch_size=100, shuffle=True)
model = FailureModel()
criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCEWithLogitsLoss(pos_weight=(1 - y_train).sum() / y_train.sum())
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)

for epoch in range(12):
    model.train()
    losses = []
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        alarm = model(x_test) > 0
    truth = y_test > 0
    print(f"epoch {epoch + 1:2d} loss {np.mean(losses):.4f} accuracy {(alarm == truth).float().mean():.3f} "
          f"failures found {(alarm & truth).sum().item()}/{truth.sum().item()} false alarms {(alarm & ~truth).sum().item()}")
