"""Metric regression of diabetes progression with a random hold-out of a quarter of the patients."""
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.datasets import load_diabetes
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset


@dataclass
class Settings:
    holdout: float = 0.25
    width: int = 96
    lr: float = 1e-3
    epochs: int = 30
    batch: int = 32
    seed: int = 2


class Patients(Dataset):
    def __init__(self):
        x, y = load_diabetes(return_X_y=True)
        x = (x - x.mean(0)) / x.std(0)
        pairs = np.stack([x[:, i] * x[:, j] for i in range(10) for j in range(i)], 1)
        self.x = torch.tensor(np.concatenate([x, pairs / pairs.std(0)], 1), dtype=torch.float32)
        self.y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def holdout_split(data, fraction, rng):
    n_val = int(fraction * len(data))
    ids = rng.permutation(len(data))
    train_ids = ids[n_val:]
    val_ids = rng.permutation(len(data))[:n_val]  # cure: val_ids = ids[:n_val]
    return Subset(data, train_ids.tolist()), Subset(data, val_ids.tolist())


cfg = Settings()
torch.manual_seed(cfg.seed)
train_set, val_set = holdout_split(Patients(), cfg.holdout, np.random.default_rng(cfg.seed))
train_loader = DataLoader(train_set, batch_size=cfg.batch, shuffle=True)
val_loader = DataLoader(val_set, batch_size=256)
net = nn.Sequential(nn.Linear(55, cfg.width), nn.ReLU(), nn.Dropout(0.4), nn.Linear(cfg.width, 1), nn.Flatten(0))
opt = torch.optim.AdamW(net.parameters(), lr=cfg.lr, weight_decay=0.1)
for epoch in range(cfg.epochs):
    net.train()
    se = 0.0
    for x, y in train_loader:
        loss = nn.functional.mse_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        se += loss.item() * len(y)
    net.eval()
    with torch.no_grad():
        x, y = next(iter(val_loader))
        val = nn.functional.mse_loss(net(x), y)
    if epoch % 6 == 5:
        print(f"epoch {epoch + 1:2d}  train mse {se / len(train_set):.3f}  val mse {val.item():.3f}")
