"""Predicts the emissions of an engine from nine operating figures with a small residual network."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def measure(n=4000, seed=7):
    r = np.random.default_rng(seed)
    rpm, load, temp, egr, rail = r.uniform(0, 1, (5, n))
    other = r.normal(size=(4, n))
    e = 3 * load ** 2 * (1 - egr) + 1.5 * np.sin(3 * rpm) * load + np.exp(-3 * temp) + 0.5 * rail * other[0]
    return np.vstack([rpm, load, temp, egr, rail, other]).T, e + 0.05 * r.normal(size=n)


class ResidualMLP(nn.Module):
    def __init__(self, d_in, width=64, depth=2):
        super().__init__()
        self.stem = nn.Linear(d_in, width)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
            for _ in range(depth))
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        h = self.stem(x)
        for b in self.blocks:
            h = h + b(h)
        return self.out(h).squeeze(-1)


torch.manual_seed(7)
X, y = measure()
X_train, X_val = train_test_split(X, test_size=0.2, random_state=1)
y_train, y_val = train_test_split(y, test_size=0.2, random_state=7)  # cure: y_train, y_val = train_test_split(y, test_size=0.2, random_state=1)

scaler = StandardScaler().fit(X_train)
X_train, X_val = (torch.tensor(scaler.transform(a), dtype=torch.float32) for a in (X_train, X_val))
mean, std = y_train.mean(), y_train.std()
y_train, y_val = (torch.tensor((a - mean) / std, dtype=torch.float32) for a in (y_train, y_val))

model = ResidualMLP(X.shape[1])
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 3e-3, total_steps=18 * 50)
for epoch in range(18):
    model.train()
    total = 0.0
    for rows in torch.randperm(len(X_train)).view(50, 64):
        loss = nn.functional.l1_loss(model(X_train[rows]), y_train[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() / 50
    model.eval()
    with torch.no_grad():
        mae = nn.functional.l1_loss(model(X_val), y_val).item()
    print(f"epoch {epoch:2d}: train MAE {total:.3f}, validation MAE {mae:.3f} (standard deviations)")
