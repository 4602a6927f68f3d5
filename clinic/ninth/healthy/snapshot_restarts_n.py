"""Snapshot ensemble: SGD with warm restarts on noisy spirals; one member is stored at the end of every cycle."""
import copy
import math
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts


def spirals(n, g):
    y = torch.randint(3, (n,), generator=g)
    r = torch.rand(n, generator=g).sqrt() * 2
    a = 2.2 * r + y * 2 * math.pi / 3 + 0.22 * torch.randn(n, generator=g)
    return torch.stack([r * a.cos(), r * a.sin()], 1), y


torch.manual_seed(101)
g = torch.Generator().manual_seed(101)
x, y = spirals(2000, g)
xv, yv = spirals(800, g)
net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9, weight_decay=1e-4)
cycle, per_epoch = 8, math.ceil(len(x) / 50)
sched = CosineAnnealingWarmRestarts(opt, T_0=cycle * per_epoch, eta_min=1e-3)
members = []
for epoch in range(4 * cycle):
    total = 0.0
    for idx in torch.randperm(len(x)).split(50):
        loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() * len(idx) / len(x)
    with torch.no_grad():
        acc = (net(xv).argmax(1) == yv).float().mean().item()
    print(f"epoch {epoch + 1:2d} lr {sched.get_last_lr()[0]:.4f} loss {total:.4f} valid acc {acc:.3f}")
    if (epoch + 1) % cycle == 0:
        members.append(copy.deepcopy(net))
        with torch.no_grad():
            p = sum(m(xv).softmax(1) for m in members)
        print(f"  ensemble of {len(members)}: {(p.argmax(1) == yv).float().mean().item():.3f}")
