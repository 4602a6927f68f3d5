"""Finds defective parts (one in ten) from twelve measurements; the rare class is drawn again until both are equally frequent."""
import numpy as np
import torch
from sklearn.datasets import make_classification
from torch import nn

rng = np.random.default_rng(2)
torch.manual_seed(2)
x, y = make_classification(n_samples=1200, n_features=12, n_informative=5, n_redundant=2, weights=[0.9], class_sep=1.0, flip_y=0.04, random_state=8)


def oversample(x, y):
    """Draws the defects with replacement until there are as many as there are sound parts."""
    rare, common = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    again = rng.choice(rare, len(common))
    keep = np.concatenate([common, again])
    return x[keep], y[keep]


def split(x, y, share=0.25):
    order = rng.permutation(len(x))
    cut = int(len(x) * (1 - share))
    return x[order[:cut]], y[order[:cut]], x[order[cut:]], y[order[cut:]]


x, y = oversample(x, y)  # cure: delete
x_train, y_train, x_valid, y_valid = split(x, y)
# cure: x_train, y_train = oversample(x_train, y_train)
mean, std = x_train.mean(0), x_train.std(0)
x_train, x_valid = (torch.tensor((a - mean) / std, dtype=torch.float32) for a in (x_train, x_valid))
y_train, y_valid = (torch.tensor(a, dtype=torch.float32) for a in (y_train, y_valid))
print(f"{len(x_train)} parts to train on, {len(x_valid)} to check with")

model = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Linear(48, 1))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.05)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(1, 14):
    total = 0.0
    for index in torch.randperm(len(x_train)).split(32):
        optimizer.zero_grad()
        loss = criterion(model(x_train[index]).squeeze(1), y_train[index])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(index)
    with torch.no_grad():
        logit = model(x_valid).squeeze(1)
    guess = logit > 0
    valid = criterion(logit, y_valid).item()
    recall = guess[y_valid == 1].float().mean().item()
    reject = (~guess)[y_valid == 0].float().mean().item()
    print(f"epoch {epoch:2d}  train {total / len(x_train):.4f}  valid {valid:.4f}  defects found {recall:.3f}  sound parts passed {reject:.3f}  balanced {(recall + reject) / 2:.3f}")
