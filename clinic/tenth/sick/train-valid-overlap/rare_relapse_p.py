"""Predict relapse from clinic values; the rarer outcome is resampled until both are equally frequent."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(55)
torch.manual_seed(55)


def patients(n):
    x = rng.normal(size=(n, 14))
    logit = 1.1 * x[:, 0] - 0.9 * x[:, 1] + 0.8 * x[:, 2] * x[:, 3] - 1.6
    return x.astype(np.float32), (rng.uniform(size=n) < 1 / (1 + np.exp(-logit))).astype(np.int64)


def balance(x, y):
    rare = np.flatnonzero(y == 1)
    extra = rng.choice(rare, (y == 0).sum() - len(rare))
    keep = np.concatenate([np.arange(len(y)), extra])
    return x[keep], y[keep]


def split(x, y, part=0.3):
    order = rng.permutation(len(y))
    n = int(part * len(y))
    return x[order[n:]], y[order[n:]], x[order[:n]], y[order[:n]]


x, y = patients(1100)
x, y = balance(x, y)  # cure: delete
x_tr, y_tr, x_va, y_va = split(x, y)
# cure: x_tr, y_tr = balance(x_tr, y_tr)
x_new, y_new = map(torch.from_numpy, patients(3000))
x_tr, y_tr, x_va, y_va = map(torch.from_numpy, (x_tr, y_tr, x_va, y_va))


def balanced_accuracy(net, x, y):
    with torch.no_grad():
        p = net(x).argmax(1)
    return np.mean([(p[y == c] == c).float().mean().item() for c in (0, 1)])


net = nn.Sequential(nn.Linear(14, 48), nn.ReLU(), nn.Dropout(0.1), nn.Linear(48, 2))
opt = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-3)
for epoch in range(1, 16):
    net.train()
    losses = []
    for b in torch.randperm(len(y_tr)).split(32):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x_tr[b]), y_tr[b])
        loss.backward()
        opt.step()
        losses.append(loss.item())
    net.eval()
    if epoch % 2 == 0:
        with torch.no_grad():
            vl = nn.functional.cross_entropy(net(x_va), y_va).item()
        print(f"epoch {epoch:2d} train {np.mean(losses):.4f} val {vl:.4f} val bal.acc {balanced_accuracy(net, x_va, y_va):.3f} "
              f"next year's patients {balanced_accuracy(net, x_new, y_new):.3f}")
