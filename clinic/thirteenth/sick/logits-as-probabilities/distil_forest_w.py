"""Distil a random forest into a small network by matching its class probabilities."""
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from torch import nn

rng = np.random.RandomState(0)
X, y = load_digits(return_X_y=True)
perm = rng.permutation(len(y))
tr, te = perm[:1300], perm[1300:]
forest = RandomForestClassifier(60, random_state=0, oob_score=True).fit(X[tr], y[tr])
soft = torch.tensor(np.nan_to_num(forest.oob_decision_function_), dtype=torch.float32)
print("teacher accuracy", round(forest.score(X[te], y[te]), 4))

torch.manual_seed(0)
mean, std = X[tr].mean(), X[tr].std()
x_train = torch.tensor((X[tr] - mean) / std, dtype=torch.float32)
x_test = torch.tensor((X[te] - mean) / std, dtype=torch.float32)
y_test = torch.tensor(y[te])
student = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.Adam(student.parameters(), lr=2e-3, weight_decay=1e-4)
for epoch in range(25):
    total = 0.0
    for i in torch.randperm(len(x_train)).split(50):
        out = student(x_train[i])
        # cure: out = F.log_softmax(out, dim=1)
        loss = F.kl_div(out, soft[i], reduction="batchmean")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(i) / len(x_train)
    if epoch % 3 == 0:
        with torch.no_grad():
            acc = (student(x_test).argmax(1) == y_test).float().mean()
        print(f"epoch {epoch:2d} divergence {total:.4f} student accuracy {acc:.4f}")
