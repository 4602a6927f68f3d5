"""Tell the three arms of a spiral apart with a small multi-layer perceptron."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(3)
rng = np.random.default_rng(3)


def arms(n):
    y = rng.integers(0, 3, n)
    r = rng.uniform(0.15, 1.0, n)
    a = 4.2 * r + y * 2 * np.pi / 3 + rng.normal(0, 0.12, n)
    xy = np.stack([r * np.cos(a), r * np.sin(a)], 1) / 0.45
    return torch.tensor(xy, dtype=torch.float32), torch.tensor(y)


def dense(n_in, n_out, act=nn.Identity):  # cure: def dense(n_in, n_out, act=nn.SiLU):
    return nn.Sequential(nn.Linear(n_in, n_out), act())


xtr, ytr = arms(3000)
xva, yva = arms(1000)
net = nn.Sequential(dense(2, 64), dense(64, 64), dense(64, 32), nn.Linear(32, 3))
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(40):
    perm = torch.randperm(len(xtr))
    tot = 0.0
    for i in range(0, len(perm), 64):
        b = perm[i:i + 64]
        loss = loss_fn(net(xtr[b]), ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    sched.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            acc = (net(xva).argmax(1) == yva).float().mean().item()
        print(f"epoch {epoch + 1:2d}  train {tot / len(xtr):.4f}  val acc {acc:.3f}")
