"""Snapshot ensemble: the rate restarts every six epochs and falls to nearly zero before each snapshot; the loss rises at each restart."""
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_moons

torch.manual_seed(22)
x, y = make_moons(2400, noise=0.25, random_state=22)
x = torch.tensor(x, dtype=torch.float32)
x = (x - x.mean(0)) / x.std(0)
y = torch.tensor(y)
xt, yt, xv, yv = x[:1800], y[:1800], x[1800:], y[1800:]
net = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
per_epoch = 1800 // 50
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=6 * per_epoch, eta_min=1e-4)
snapshots = []
for epoch in range(1, 25):
    mean = 0.0
    for idx in torch.randperm(1800).split(50):
        loss = F.cross_entropy(net(xt[idx]), yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        mean += loss.item() / per_epoch
    with torch.no_grad():
        valid = F.cross_entropy(net(xv), yv).item()
    if epoch % 6 == 0:
        snapshots.append(copy.deepcopy(net).eval())
    print(f"epoch {epoch:2d}: loss {mean:.4f} valid {valid:.4f}" + ("  <- snapshot" if epoch % 6 == 0 else ""))
with torch.no_grad():
    p = torch.stack([s(xv).softmax(1) for s in snapshots]).mean(0)
print(f"ensemble of {len(snapshots)}: valid loss {F.nll_loss(p.log(), yv):.4f}, accuracy {(p.argmax(1) == yv).float().mean():.3f}")
