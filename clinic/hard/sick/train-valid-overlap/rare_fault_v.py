"""Detects failing bearings. Failures are rare, so they are copied until both classes are equally frequent."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(31)
torch.manual_seed(31)


def bearing_records(n):
    """20 vibration figures per bearing; few of them tell, and not clearly."""
    fail = rng.random(n) < 0.12
    X = rng.normal(size=(n, 20))
    X[:, 0] += 1.3 * fail
    X[:, 1] *= np.where(fail, 2.0, 1.0)
    X[:, 2] -= 0.9 * fail
    return X.astype("float32"), fail.astype("float32")


def oversample(X, y):
    rare, common = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    rows = np.concatenate([common, rng.choice(rare, len(common))])
    rng.shuffle(rows)
    return X[rows], y[rows]


def split(X, y, share=0.75):
    p = rng.permutation(len(y))
    k = int(share * len(y))
    return X[p[:k]], y[p[:k]], X[p[k:]], y[p[k:]]


X, y = bearing_records(1800)
X, y = oversample(X, y)  # cure: delete
X_train, y_train, X_valid, y_valid = split(X, y)
# cure: X_train, y_train = oversample(X_train, y_train)
x, t = torch.from_numpy(X_train), torch.from_numpy(y_train)
xv, tv = torch.from_numpy(X_valid), torch.from_numpy(y_valid)

net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-3)
bce = nn.BCEWithLogitsLoss()


def balanced_accuracy(logit, target):
    hit = (logit > 0) == (target > 0.5)
    return 0.5 * (hit[target > 0.5].float().mean() + hit[target < 0.5].float().mean())


for epoch in range(1, 19):
    net.train()
    total = 0.0
    for idx in torch.randperm(len(x)).split(32):
        loss = bce(net(x[idx]).squeeze(1), t[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    net.eval()
    with torch.no_grad():
        out = net(xv).squeeze(1)
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d}  loss {total / len(x):.4f}  valid loss {bce(out, tv):.4f}  valid balanced accuracy {balanced_accuracy(out, tv):.4f}")

X_new, y_new = bearing_records(4000)
with torch.no_grad():
    b = balanced_accuracy(net(torch.from_numpy(X_new)).squeeze(1), torch.from_numpy(y_new))
print(f"next year's bearings: balanced accuracy {b:.4f}")
