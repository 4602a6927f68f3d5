"""Benign or malignant (breast cancer data) with a small two-output network and a cross-entropy written by hand."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
np.random.seed(0)
data = load_breast_cancer()
X = torch.from_numpy(StandardScaler().fit_transform(data.data)).float()
signs = np.where(data.target == 0, 1, -1)  # malignant +1, benign -1
y = torch.from_numpy(signs)  # cure: y = torch.from_numpy((signs + 1) // 2)

perm = torch.randperm(len(X))
train_idx, test_idx = perm[:420], perm[420:]


def cross_entropy(logits, target):
    log_p = logits - logits.logsumexp(dim=1, keepdim=True)
    return -log_p[torch.arange(len(target)), target].mean()


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(30, 16)
        self.fc2 = nn.Linear(16, 2)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


clf = Classifier()
opt = torch.optim.SGD(clf.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-2)
for epoch in range(1, 31):
    shuffled = train_idx[torch.randperm(len(train_idx))]
    total = 0.0
    for idx in shuffled.split(30):
        loss = cross_entropy(clf(X[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    if epoch % 3 == 0:
        with torch.no_grad():
            out = clf(X[test_idx])
            test_loss = cross_entropy(out, y[test_idx]).item()
            malignant = out.argmax(1) == 1
            acc = (malignant == (torch.from_numpy(signs)[test_idx] == 1)).float().mean().item()
        print(f"epoch {epoch:2d}: train {total / 14:.4f}  test {test_loss:.4f}  test accuracy {acc:.3f}")
