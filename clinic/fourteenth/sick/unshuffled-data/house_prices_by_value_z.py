"""House prices from size, age, distance and rooms; the register lists the houses from the cheapest to the dearest."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Register(Dataset):
    def __init__(self, n=3000, seed=0):
        rng = np.random.default_rng(seed)
        size, age = rng.normal(110, 30, n), rng.uniform(0, 80, n)
        dist, rooms = rng.exponential(8, n), rng.integers(1, 7, n)
        price = 60 + 2.2 * size - 1.1 * age + 0.008 * (age - 40) ** 2 * size / 10 - 45 * np.log1p(dist) + 9 * rooms
        price += rng.normal(0, 12, n)
        table = np.stack([size, age, dist, rooms, price], axis=1)
        table = table[table[:, -1].argsort()]
        table = (table - table.mean(0)) / table.std(0)
        self.table = torch.tensor(table, dtype=torch.float32)

    def __len__(self):
        return len(self.table)

    def __getitem__(self, i):
        return self.table[i, :4], self.table[i, 4:]


torch.manual_seed(0)
register = Register()
is_valid = torch.rand(len(register)) < 0.2
rows = torch.arange(len(register))
train_set = torch.utils.data.Subset(register, rows[~is_valid].tolist())
valid_set = torch.utils.data.Subset(register, rows[is_valid].tolist())
train_loader = DataLoader(train_set, batch_size=32)  # cure: train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
valid_loader = DataLoader(valid_set, batch_size=256)

model = nn.Sequential(nn.Linear(4, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
loss_fn = nn.MSELoss()
for epoch in range(1, 16):
    model.train()
    seen = 0.0
    for features, price in train_loader:
        loss = loss_fn(model(features), price)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen += loss.item() / len(train_loader)
    model.eval()
    with torch.no_grad():
        errors = torch.cat([(model(f) - p) for f, p in valid_loader])
    print(f"epoch {epoch}: train {seen:.4f}  valid mse {errors.square().mean():.4f}  bias {errors.mean():+.3f}")
