"""Spectra are kept by file name, their concentration in a table; regress the concentration on the spectrum."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(0)
torch.manual_seed(0)
GRID = np.linspace(0, 1, 50)


def make_archive(n):
    files, table = {}, []
    for i in range(1, n + 1):
        c = rng.uniform(0, 1)
        peak = c * np.exp(-((GRID - 0.55) / 0.06) ** 2)
        other = rng.uniform(0.2, 1) * np.exp(-((GRID - 0.35) / 0.1) ** 2)
        files[f"sample_{i}.spc"] = peak + other + 0.05 * rng.normal(size=50) + rng.normal() * 0.1
        table.append((i, c))
    return files, table


def load(files, table):
    names = sorted(files)  # cure: names = sorted(files, key=lambda f: int(f[7:-4]))
    x = np.stack([files[name] for name in names])
    y = np.array([c for _, c in sorted(table)])
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)[:, None]


x, y = load(*make_archive(1800))
x = (x - x.mean(0)) / x.std(0)
y = (y - y.mean()) / y.std()
mix = torch.randperm(len(x))
train, valid = mix[:1400], mix[1400:]

model = nn.Sequential(nn.Linear(50, 24), nn.GELU(), nn.Dropout(0.1), nn.Linear(24, 1))
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
huber = nn.HuberLoss()
for epoch in range(1, 16):
    model.train()
    for idx in train[torch.randperm(len(train))].split(50):
        loss = huber(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        pred = model(x[valid])
        r2 = 1 - ((pred - y[valid]) ** 2).mean() / y[valid].var()
    print(f"epoch {epoch:2d}: train loss {loss.item():.4f}, valid loss {huber(pred, y[valid]).item():.4f}, R2 {r2.item():.3f}")
