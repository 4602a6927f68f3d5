"""Snapshot ensemble: cosine annealing with warm restarts, a copy of the network at the end of each cycle."""
import copy

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(11)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
perm = torch.randperm(len(y))
x, y = x[perm], y[perm]
loader = DataLoader(TensorDataset(x[:1300], y[:1300]), batch_size=50, shuffle=True)
x_val, y_val = x[1300:], y[1300:]

CYCLES, LENGTH = 4, 8
net = nn.Sequential(nn.Dropout(0.1), nn.Linear(64, 48), nn.ReLU(), nn.Dropout(0.3), nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=LENGTH * len(loader), eta_min=1e-5)
snapshots = []
for epoch in range(1, CYCLES * LENGTH + 1):
    net.train()
    total = 0.0
    for xb, yb in loader:
        loss = F.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item()
    net.eval()
    with torch.no_grad():
        val = F.cross_entropy(net(x_val), y_val).item()
    if epoch % LENGTH == 0:
        snapshots.append(copy.deepcopy(net))
        with torch.no_grad():
            p = sum(m(x_val).softmax(1) for m in snapshots) / len(snapshots)
        print(f"   snapshot {len(snapshots)}: ensemble nll {F.nll_loss(p.log(), y_val).item():.4f}  "
              f"acc {(p.argmax(1) == y_val).float().mean():.3f}")
    if epoch % 2 == 1:
        print(f"epoch {epoch:2d}  train {total / len(loader):.4f}  val {val:.4f}  lr {opt.param_groups[0]['lr']:.5f}")
