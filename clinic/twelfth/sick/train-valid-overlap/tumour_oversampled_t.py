"""Which tumours come back? Noisy synthetic registry, minority class oversampled to balance the classes."""
import numpy as np
import torch
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from torch import nn

SEED = 33


def registry():
    x, y = make_classification(1800, 12, n_informative=4, n_redundant=2, n_clusters_per_class=3, weights=[0.85],
                               flip_y=0.1, class_sep=0.9, random_state=SEED)
    return (x - x.mean(0)) / x.std(0), y


def oversample(x, y, rng):
    rare = np.flatnonzero(y == 1)
    extra = rng.choice(rare, (y == 0).sum() - len(rare))
    keep = np.concatenate([np.arange(len(y)), extra])
    return x[keep], y[keep]


def balanced_accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        pred = model(x).argmax(1)
    return sum((pred[y == k] == k).float().mean().item() for k in (0, 1)) / 2


def as_tensors(*arrays):
    return [torch.tensor(a, dtype=torch.float32 if a.ndim > 1 else torch.long) for a in arrays]


rng = np.random.default_rng(SEED)
torch.manual_seed(SEED)
x, y = registry()
x, x_later, y, y_later = train_test_split(x, y, test_size=300, stratify=y, random_state=SEED)
x, y = oversample(x, y, rng)  # cure: delete
x_tr, x_va, y_tr, y_va = train_test_split(x, y, test_size=0.25, stratify=y, random_state=SEED)
# cure: x_tr, y_tr = oversample(x_tr, y_tr, rng)
print(f"{len(y_tr)} training rows, {len(y_va)} validation rows")
x_tr, y_tr, x_va, y_va, x_later, y_later = as_tensors(x_tr, y_tr, x_va, y_va, x_later, y_later)

model = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Dropout(0.1), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 2))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 16):
    model.train()
    total = 0.0
    for idx in torch.randperm(len(x_tr)).split(32):
        loss = nn.functional.cross_entropy(model(x_tr[idx]), y_tr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d} loss {total / len(x_tr):.3f} val balanced acc {balanced_accuracy(model, x_va, y_va):.3f}")
print(f"patients of the following year: balanced acc {balanced_accuracy(model, x_later, y_later):.3f}")
