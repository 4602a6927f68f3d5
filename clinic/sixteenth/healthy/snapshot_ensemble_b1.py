"""Snapshot ensemble: the rate returns to its start every eight epochs, a copy is kept at each valley, their mean decides."""
import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_moons
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts

torch.manual_seed(1)


def moons(n, seed):
    x, y = make_moons(n, noise=0.3, random_state=seed)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


(xt, yt), (xv, yv) = moons(2000, 0), moons(1000, 1)
mean, std = xt.mean(0), xt.std(0)
xt, xv = (xt - mean) / std, (xv - mean) / std
net = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
cycle, per_epoch = 8, 40
sched = CosineAnnealingWarmRestarts(opt, T_0=cycle * per_epoch, eta_min=1e-3)
snapshots = []
for epoch in range(1, 5 * cycle + 1):
    total = 0.0
    for idx in torch.randperm(2000).split(50):
        loss = F.cross_entropy(net(xt[idx]), yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() / per_epoch
    with torch.no_grad():
        out = net(xv)
    print(f"epoch {epoch:2d} train {total:.4f} valid {F.cross_entropy(out, yv).item():.4f}")
    if epoch % cycle == 0:
        snapshots.append(copy.deepcopy(net).eval())
        with torch.no_grad():
            mixed = torch.stack([s(xv).softmax(1) for s in snapshots]).mean(0)
        print(f"  snapshot {len(snapshots)}: ensemble loss {F.nll_loss(mixed.log(), yv).item():.4f} "
              f"accuracy {(mixed.argmax(1) == yv).float().mean().item():.3f}")
