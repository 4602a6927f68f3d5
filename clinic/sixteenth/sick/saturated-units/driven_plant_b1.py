"""Two sigmoid layers for a classic of system identification: the next output of a driven, damped plant."""
import numpy as np
import torch
import torch.nn as nn


def plant(n, seed):
    rng = np.random.default_rng(seed)
    u = np.repeat(rng.uniform(-2, 2, n // 5), 5)
    y = np.zeros(n)
    for k in range(1, n - 1):
        y[k + 1] = y[k] * y[k - 1] * (y[k] + 2.5) / (1 + y[k] ** 2 + y[k - 1] ** 2) * 0.6 + u[k] + 0.03 * rng.normal()
    rows = np.stack([y[1:-1], y[:-2], u[1:-1], u[:-2]], 1)
    return torch.tensor(rows, dtype=torch.float32), torch.tensor(y[2:], dtype=torch.float32)[:, None]


class PlantModel(nn.Module):
    def __init__(self, hidden=30):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, hidden), nn.Linear(hidden, hidden)])
        self.readout = nn.Linear(hidden, 1)
        for layer in self.layers:
            nn.init.xavier_normal_(layer.weight)
            nn.init.constant_(layer.bias, 12.0)  # cure: nn.init.constant_(layer.bias, 0.0)

    def forward(self, x):
        for layer in self.layers:
            x = torch.sigmoid(layer(x))
        return self.readout(x)


torch.manual_seed(0)
x, y = plant(2400, 0)
xv, yv = plant(800, 1)
mx, sx, my, sy = x.mean(0), x.std(0), y.mean(), y.std()
x, xv, y, yv = (x - mx) / sx, (xv - mx) / sx, (y - my) / sy, (yv - my) / sy
model = PlantModel()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.95)
for epoch in range(1, 41):
    total = 0.0
    for idx in torch.randperm(len(x)).split(80):
        loss = nn.functional.mse_loss(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx) / len(x)
    schedule.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            v = nn.functional.mse_loss(model(xv), yv).item()
        print(f"epoch {epoch:3d}  nrmse train {total ** 0.5:.4f}  valid {v ** 0.5:.4f}")
