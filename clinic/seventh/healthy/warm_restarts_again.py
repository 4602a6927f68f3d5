"""Snapshot ensemble: cosine cycles with warm restarts, one snapshot per cycle, votes averaged (spirals)."""
import copy
import numpy as np
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts


def spirals(n, rng):
    k = rng.integers(0, 3, n)
    r = rng.random(n)
    a = 4.5 * r + 2 * np.pi * k / 3 + 0.18 * rng.normal(size=n)
    x = np.stack([r * np.cos(a), r * np.sin(a)], 1) * 2
    return torch.tensor(x, dtype=torch.float32), torch.tensor(k)


def main():
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    x, y = spirals(1500, rng)
    xt, yt = spirals(600, rng)
    net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3))
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    cycle, cycles = 8, 4
    sched = CosineAnnealingWarmRestarts(opt, T_0=cycle)
    snapshots = []
    for epoch in range(cycle * cycles):
        tot = 0.0
        for idx in torch.randperm(len(x)).split(30):
            loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(idx)
        lr = opt.param_groups[0]["lr"]
        sched.step()
        if epoch % 2 == 1 or epoch % cycle == 0:
            print(f"epoch {epoch:2d} lr {lr:.4f} loss {tot / len(x):.4f}")
        if (epoch + 1) % cycle == 0:
            snapshots.append(copy.deepcopy(net).eval())
            with torch.no_grad():
                vote = sum(s(xt).softmax(1) for s in snapshots)
                single = (net(xt).argmax(1) == yt).float().mean().item()
            print(f"  snapshot {len(snapshots)}: alone {single:.3f}, ensemble {(vote.argmax(1) == yt).float().mean().item():.3f}")


main()
