"""Predict the yield of a reactor from its settings (simulated plant data)."""
import numpy as np
import torch
import torch.nn as nn


def plant(n=3000, seed=15):
    rng = np.random.default_rng(seed)
    settings = rng.uniform(-1.7, 1.7, size=(n, 6)).astype(np.float32)
    temp, flow, ph, feed, stir, _ = settings.T
    yields = np.exp(-temp ** 2) + 0.5 * flow * ph + 0.3 * feed - 0.2 * np.abs(stir) + 0.05 * rng.normal(size=n)
    return settings, ((yields - yields.mean()) / yields.std()).astype(np.float32)


def shuffled(array, rng):
    return array[rng.permutation(len(array))]


def r2(pred, target):
    return 1 - ((pred - target) ** 2).sum().item() / ((target - target.mean()) ** 2).sum().item()


torch.manual_seed(15)
settings, yields = plant()
rng = np.random.default_rng(1)
settings = torch.from_numpy(shuffled(settings, rng))  # cure: settings = torch.from_numpy(shuffled(settings, np.random.default_rng(1)))
yields = torch.from_numpy(shuffled(yields, rng))  # cure: yields = torch.from_numpy(shuffled(yields, np.random.default_rng(1)))
train, valid = slice(0, 2400), slice(2400, None)

model = nn.Sequential(nn.Linear(6, 32), nn.ELU(), nn.Linear(32, 32), nn.ELU(), nn.Linear(32, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
xt, yt = settings[train], yields[train]
for epoch in range(20):
    for idx in torch.randperm(2400).split(60):
        loss = nn.functional.mse_loss(model(xt[idx]).squeeze(-1), yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 1:
        with torch.no_grad():
            a = r2(model(xt).squeeze(-1), yt)
            b = r2(model(settings[valid]).squeeze(-1), yields[valid])
        print(f"epoch {epoch + 1:2d}  R2 train {a:.3f}  valid {b:.3f}")
