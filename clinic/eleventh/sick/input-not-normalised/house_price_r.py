"""House prices from the size, the year, the plot, the distance to the centre and the income of the district."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(4)
n = 2000
area = rng.normal(120, 35, n).clip(30)
year = rng.integers(1920, 2024, n).astype(float)
plot = rng.lognormal(7.0, 0.6, n)
dist = rng.exponential(0.8, n)
income = rng.normal(52000, 14000, n)
price = (2.2 * area + 0.02 * plot * np.exp(-dist) + 0.9 * np.abs(year - 1965)
         + 120 * np.exp(-2 * dist) + 0.002 * income + rng.normal(0, 8, n))

raw = np.column_stack([area, year, plot, dist, income])
n_train = 1600
features = StandardScaler().fit(raw[:n_train]).transform(raw)
target = (price - price[:n_train].mean()) / price[:n_train].std()

X = torch.tensor(raw, dtype=torch.float32)  # cure: X = torch.tensor(features, dtype=torch.float32)
Y = torch.tensor(target, dtype=torch.float32).unsqueeze(1)

torch.manual_seed(4)
model = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
mse = nn.MSELoss()

for epoch in range(1, 41):
    model.train()
    epoch_loss = 0.0
    for batch in torch.randperm(n_train).split(40):
        optimizer.zero_grad()
        loss = mse(model(X[batch]), Y[batch])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(batch)
    if epoch % 8 == 0:
        model.eval()
        with torch.no_grad():
            val = mse(model(X[n_train:]), Y[n_train:]).item()
        print(f"epoch {epoch:3d}  train mse {epoch_loss / n_train:.4f}  val mse {val:.4f}")
