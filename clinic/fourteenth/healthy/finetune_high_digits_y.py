"""Pre-train on digits 0-4, then learn 5-9: first layer frozen, the second with a tiny rate, a new head with a normal one."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(12)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]


def part(low):
    keep = (y >= low) & (y < low + 5)
    a, b = x[keep], y[keep] - low
    n = int(0.75 * len(a))
    return a[:n], b[:n], a[n:], b[n:]


def train(model, groups, data, epochs, title):
    xt, yt, xv, yv = data
    opt = torch.optim.Adam(groups)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for idx in torch.randperm(len(xt)).split(32):
            loss = F.cross_entropy(model(xt[idx]), yt[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx) / len(xt)
        with torch.no_grad():
            out = model(xv)
        print(f"{title} epoch {epoch:2d}: loss {total:.4f} valid loss {F.cross_entropy(out, yv):.4f} acc {(out.argmax(1) == yv).float().mean():.3f}")


first, second = nn.Linear(64, 96), nn.Linear(96, 48)
body = nn.Sequential(first, nn.ReLU(), second, nn.ReLU())
old = nn.Sequential(body, nn.Linear(48, 5))
train(old, [{"params": old.parameters(), "lr": 1e-3}], part(0), 8, "low ")

first.requires_grad_(False)
head = nn.Linear(48, 5)
new = nn.Sequential(body, head)
train(new, [{"params": second.parameters(), "lr": 5e-5}, {"params": head.parameters(), "lr": 1e-2}], part(5), 30, "high")
