"""Sugar content from near-infrared spectra of fruit, a wide network on a moderate number of samples."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(66)
rng = np.random.default_rng(66)


def spectra(n, bands=40):
    grid = np.linspace(0, 1, bands)
    sugar = rng.normal(0, 1, n)
    water, scatter = rng.normal(0, 1, (2, n))
    peak = lambda c, w: np.exp(-((grid - c) / w) ** 2)
    s = (1.0 * np.outer(sugar, peak(.3, .08)) + np.outer(water, peak(.45, .15)) + np.outer(sugar * water, 0.3 * peak(.7, .06))
         + np.outer(scatter, 1.2 * grid) + 0.8 * rng.normal(0, 1, (n, bands)))
    y = sugar + 0.7 * rng.normal(0, 1, n)
    return torch.tensor(s, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


x, y = spectra(120)
xv, yv = spectra(400)
mu, sd = x.mean(0), x.std(0)
x, xv = (x - mu) / sd, (xv - mu) / sd

model = nn.Sequential(nn.Linear(40, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 1), nn.Flatten(0))
opt = torch.optim.AdamW(model.parameters(), lr=2e-4, weight_decay=1e-4)
EPOCHS = 150  # cure: EPOCHS = 18
for epoch in range(1, EPOCHS + 1):
    tot = 0.0
    for idx in torch.randperm(len(x)).split(16):
        opt.zero_grad()
        loss = (model(x[idx]) - y[idx]).pow(2).mean()
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx) / len(x)
    with torch.no_grad():
        v = (model(xv) - yv).pow(2).mean().item()
    print(f"epoch {epoch:3d} train {tot:.4f} valid {v:.4f}")
