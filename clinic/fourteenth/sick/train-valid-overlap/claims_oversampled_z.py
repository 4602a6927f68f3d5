"""Spot fraudulent insurance claims (a tenth of all): the frauds are repeated until both classes are equal."""
import numpy as np
import torch
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from torch import nn


def oversample(x, y, rng):
    few = np.flatnonzero(y == 1)
    extra = rng.choice(few, size=(y == 0).sum() - len(few))
    keep = np.concatenate([np.arange(len(y)), extra])
    return x[keep], y[keep]


rng = np.random.default_rng(0)
torch.manual_seed(0)
x, y = make_classification(4000, 20, n_informative=8, n_redundant=4, weights=[0.9], class_sep=1.2, flip_y=0.01, random_state=1)
x = (x - x.mean(0)) / x.std(0)
x, y = oversample(x, y, rng)  # cure: delete
x_train, x_valid, y_train, y_valid = train_test_split(x, y, test_size=0.25, stratify=y, random_state=0)
# cure: x_train, y_train = oversample(x_train, y_train, rng)
x_train, x_valid = (torch.tensor(a, dtype=torch.float32) for a in (x_train, x_valid))
y_train, y_valid = (torch.tensor(a, dtype=torch.float32) for a in (y_train, y_valid))

net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 1), nn.Flatten(0))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
criterion = nn.BCEWithLogitsLoss()
print(f"{len(y_train)} claims to train on, {len(y_valid)} to validate")
for epoch in range(1, 31):
    net.train()
    total = 0.0
    for idx in torch.randperm(len(x_train)).split(64):
        loss = criterion(net(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / len(x_train)
    net.eval()
    with torch.no_grad():
        flagged = net(x_valid) > 0
    recall = flagged[y_valid == 1].float().mean()
    precision = y_valid[flagged].mean()
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d}: train loss {total:.4f}  valid precision {precision:.3f}  recall {recall:.3f}")
