"""Forecast the yield of a solar roof from weather features; MLP with dropout."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def weather(n, seed):
    g = np.random.default_rng(seed)
    hour, day = g.uniform(5, 20, n), g.uniform(0, 365, n)
    cloud, temp = g.beta(1.2, 1.5, n), g.normal(0, 1, n)
    sun = np.clip(np.sin((hour - 5) / 15 * np.pi), 0, None) * (0.65 - 0.35 * np.cos(2 * np.pi * day / 365))
    y = sun * (1 - 0.8 * cloud ** 2) * (1 - 0.05 * temp) + 0.02 * g.normal(size=n)
    x = np.stack([(hour - 12.5) / 4.3, np.cos(2 * np.pi * day / 365) * 1.4, (cloud - 0.44) / 0.26, temp], 1)
    return torch.tensor(x, dtype=torch.float32), torch.tensor((y - 0.3) / 0.22, dtype=torch.float32)


class Forecaster:
    def __init__(self):
        self.net = nn.Sequential(nn.Linear(4, 128), nn.ReLU(), nn.Dropout(0.25), nn.Linear(128, 128), nn.ReLU(),
                                 nn.Dropout(0.25), nn.Linear(128, 1), nn.Flatten(0))
        self.opt = torch.optim.Adam(self.net.parameters(), lr=2e-3)
        self.crit = nn.MSELoss()

    def train_epoch(self, loader):
        self.net.train()
        total = 0.0
        for x, y in loader:
            self.opt.zero_grad()
            loss = self.crit(self.net(x), y)
            loss.backward()
            self.opt.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def test(self, loader):
        # cure: self.net.eval()
        sq, n = 0.0, 0
        for x, y in loader:
            sq += (self.net(x) - y).square().sum().item()
            n += len(y)
        return sq / n


torch.manual_seed(36)
train = DataLoader(TensorDataset(*weather(3000, 1)), batch_size=60, shuffle=True)
test = DataLoader(TensorDataset(*weather(1000, 2)), batch_size=250)
f = Forecaster()
for epoch in range(20):
    tr = f.train_epoch(train)
    te = f.test(test)
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1:2d}: train {tr:.4f} test {te:.4f}")
