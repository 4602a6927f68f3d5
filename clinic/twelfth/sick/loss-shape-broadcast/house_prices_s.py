"""House prices from size, age, rooms and place (generated market), a plain PyTorch regression."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Houses(Dataset):
    def __init__(self, n, seed, stats=None):
        rng = np.random.default_rng(seed)
        size = rng.gamma(8, 15, n)
        age = rng.uniform(0, 80, n)
        rooms = np.clip(np.round(size / 30 + rng.normal(0, 1, n)), 1, None)
        lat, lon = rng.normal(size=(2, n))
        price = size * (3 + np.exp(-(lat ** 2 + lon ** 2))) - 1.5 * age + 10 * rooms + rng.normal(0, 15, n)
        table = np.stack([size, age, rooms, lat, lon, price], 1)
        self.stats = stats or (table.mean(0), table.std(0))
        table = ((table - self.stats[0]) / self.stats[1]).astype(np.float32)
        self.features = torch.from_numpy(table[:, :5])
        self.price = torch.from_numpy(table[:, 5])  # cure: self.price = torch.from_numpy(table[:, 5:])

    def __len__(self):
        return len(self.features)

    def __getitem__(self, i):
        return self.features[i], self.price[i]


def evaluate(model, data):
    with torch.no_grad():
        pred = model(data.features)
    residual = pred.flatten() - data.price.flatten()
    return 1 - (residual.pow(2).mean() / data.price.var()).item()


torch.manual_seed(0)
train = Houses(2000, 0)
test = Houses(600, 1, train.stats)
model = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(12):
    total = 0.0
    for x, y in DataLoader(train, batch_size=40, shuffle=True):
        loss = torch.mean((model(x) - y) ** 2)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(x)
    print(f"epoch {epoch + 1:2d}  mse {total / len(train):.4f}  test R2 {evaluate(model, test):.4f}")
