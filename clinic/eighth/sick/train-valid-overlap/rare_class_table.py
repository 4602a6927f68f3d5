"""Two-class tabular problem with noisy labels; the rare class is oversampled to even out the classes."""
import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch import nn

torch.manual_seed(40)
rng = np.random.default_rng(40)
n = 1200
X = rng.normal(size=(n, 16)).astype(np.float32)
score = X[:, 0] * X[:, 1] + X[:, 2] + 0.9 * rng.normal(size=n)
y = (score > 0.95).astype(np.int64)


def oversample(X, y):
    rare = np.flatnonzero(y == 1)
    extra = rng.choice(rare, (y == 0).sum() - len(rare))
    keep = rng.permutation(np.concatenate([np.arange(len(y)), extra]))
    return X[keep], y[keep]


X, y = oversample(X, y)  # cure: delete
X_train, X_valid, y_train, y_valid = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
# cure: X_train, y_train = oversample(X_train, y_train)
X_train, X_valid, y_train, y_valid = map(torch.from_numpy, (X_train, X_valid, y_train, y_valid))

model = nn.Sequential(nn.Linear(16, 48), nn.ReLU(), nn.Linear(48, 2))
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)
for epoch in range(16):
    total = 0.0
    for idx in torch.randperm(len(X_train)).split(32):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(X_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        out = model(X_valid)
        recall = (out.argmax(1)[y_valid == 1] == 1).float().mean()
        print(f"epoch {epoch:2d} train {total / len(X_train):.4f} valid {nn.functional.cross_entropy(out, y_valid):.4f} "
              f"acc {(out.argmax(1) == y_valid).float().mean():.3f} recall {recall:.3f}")
