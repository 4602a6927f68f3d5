"""Predict hourly bike hires of a city from time stamp, weather and population figures."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(42)
torch.manual_seed(42)


def table(n):
    stamp = 1.6e9 + 3600.0 * rng.integers(0, 24 * 365, n)
    hour = (stamp // 3600) % 24
    pressure = rng.normal(101300, 900, n)
    temp = rng.normal(14, 8, n)
    residents = rng.uniform(2e4, 4e5, n)
    humidity = rng.uniform(0.2, 1.0, n)
    commute = np.exp(-((hour - 8) / 2) ** 2) + np.exp(-((hour - 17) / 2.5) ** 2)
    hires = (0.4 + 2 * commute) * (residents / 2e5) * np.exp(-((temp - 21) / 12) ** 2)
    hires *= 1.3 - 0.8 * humidity + 0.3 * np.tanh((pressure - 101300) / 900)
    columns = [stamp - 1.6e9, hour, pressure, temp, residents, humidity]
    return np.column_stack(columns), np.log1p(hires) + rng.normal(0, 0.03, n)


X, y = table(8000)
y = (y - y.mean()) / y.std()
# cure: X = StandardScaler().fit_transform(X)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32).unsqueeze(1)
train_loader = DataLoader(TensorDataset(X[:6500], y[:6500]), batch_size=64, shuffle=True)
X_test, y_test = X[6500:], y[6500:]

net = nn.Sequential(
    nn.Linear(6, 64), nn.ReLU(),
    nn.Linear(64, 64), nn.ReLU(),
    nn.Linear(64, 1),
)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
loss_fn = nn.MSELoss()

for epoch in range(1, 21):
    losses = []
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = loss_fn(net(xb), yb)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        test_loss = loss_fn(net(X_test), y_test).item()
    print(f"epoch {epoch:2d}: train {np.mean(losses):.4f}, test {test_loss:.4f}")
