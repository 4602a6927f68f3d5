"""Rent of a flat from its surface, year of construction, distance to the centre and tax number."""

import numpy as np
import torch
from torch import nn


def flats(n, seed):
    rng = np.random.default_rng(seed)
    surface = rng.normal(70, 20, n).clip(18, 160)  # square metres
    year = rng.uniform(1900, 2022, n)
    distance = rng.exponential(4000, n)  # metres
    assessed = surface * rng.normal(2500, 250, n)  # tax office, euros
    rooms = (surface / 25 + rng.normal(0, 0.4, n)).round().clip(1)
    rent = (
        11 * surface * np.exp(-distance / 9000) + 80 * rooms + 300 * np.sin((year - 1900) / 25) + rng.normal(0, 25, n)
    )
    return np.stack([surface, year, distance, assessed, rooms], 1), rent


table, rent = flats(2500, seed=77)
mean, scale = table[:2000].mean(0), table[:2000].std(0)
x = torch.tensor(table, dtype=torch.float32)  # cure: x = torch.tensor((table - mean) / scale, dtype=torch.float32)
y = torch.tensor((rent - rent[:2000].mean()) / rent[:2000].std(), dtype=torch.float32).unsqueeze(1)

torch.manual_seed(77)
model = nn.Sequential(nn.Linear(5, 40), nn.ReLU(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
print(f"{sum(p.numel() for p in model.parameters())} weights")

for epoch in range(1, 41):
    losses = []
    for rows in torch.randperm(2000).split(50):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 5 == 0:
        with torch.no_grad():
            test = nn.functional.mse_loss(model(x[2000:]), y[2000:]).item()
        print(f"epoch {epoch}: train {np.mean(losses):.4f}, test {test:.4f}")
