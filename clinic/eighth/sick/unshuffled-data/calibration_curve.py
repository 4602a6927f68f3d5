"""Learn the calibration curve of a sensor (voltage -> concentration) from a slow sweep of the voltage."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(12)
rng = np.random.default_rng(12)
voltage = np.linspace(-1, 1, 2000)
concentration = np.sin(5 * voltage) + 0.6 * voltage ** 2 + rng.normal(0, 0.03, voltage.shape)
holdout = np.zeros(2000, bool)
holdout[::5] = True


def tensor(a):
    return torch.tensor(a / 0.58 if a is voltage else a, dtype=torch.float32).unsqueeze(1)


v, c = tensor(voltage), tensor((concentration - concentration.mean()) / concentration.std())
train_v, train_c, test_v, test_c = v[~holdout], c[~holdout], v[holdout], c[holdout]


class Curve(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))

    def forward(self, v):
        return self.body(v)


curve = Curve()
optimizer = torch.optim.Adam(curve.parameters(), lr=3e-3)
indices = np.arange(len(train_v))
for epoch in range(60):
    rng.permutation(indices)  # cure: rng.shuffle(indices)
    total, batches = 0.0, 0
    for chunk in np.array_split(indices, 50):
        pred = curve(train_v[chunk])
        loss = nn.functional.mse_loss(pred, train_c[chunk])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total, batches = total + loss.item(), batches + 1
    if epoch % 6 == 5:
        with torch.no_grad():
            test = nn.functional.mse_loss(curve(test_v), test_c).item()
        print(f"epoch {epoch + 1}: train {total / batches:.5f} test {test:.5f}")
