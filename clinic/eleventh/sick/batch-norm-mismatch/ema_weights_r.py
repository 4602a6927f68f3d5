"""Tabular classifier whose exponentially averaged weights are the ones that get evaluated."""
import copy

import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset


class Ema:
    """Keeps a slowly moving copy of a network."""

    def __init__(self, model, decay=0.98):
        self.decay = decay
        self.shadow = copy.deepcopy(model).eval()
        for p in self.shadow.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for s, p in zip(self.shadow.parameters(), model.parameters()):
            s.lerp_(p, 1 - self.decay)
        # cure: for s, b in zip(self.shadow.buffers(), model.buffers()): s.copy_(b)


def network(d, k):
    blocks = []
    for a, b in [(d, 96), (96, 96), (96, 48)]:
        blocks += [nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()]
    return nn.Sequential(*blocks, nn.Linear(48, k))


def score(model, x, y):
    with torch.no_grad():
        out = model(x)
        return nn.functional.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


torch.manual_seed(5)
X, y = make_classification(3000, 20, n_informative=12, n_redundant=4, n_classes=5,
                           n_clusters_per_class=2, class_sep=1.8, random_state=5)
cut = 2400
scaler = StandardScaler().fit(X[:cut])
X = torch.from_numpy(scaler.transform(X).astype(np.float32))
y = torch.from_numpy(y)
loader = DataLoader(TensorDataset(X[:cut], y[:cut]), batch_size=80, shuffle=True, drop_last=True)

model = network(20, 5)
ema = Ema(model)
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=14)

for epoch in range(14):
    model.train()
    seen = 0.0
    for xb, yb in loader:
        loss = nn.functional.cross_entropy(model(xb), yb)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        ema.update(model)
        seen += loss.item()
    sched.step()
    vl, va = score(ema.shadow, X[cut:], y[cut:])
    print(f"epoch {epoch + 1:2d} | train loss {seen / len(loader):.3f} | ema val loss {vl:.3f} | ema val acc {va:.3f}")
