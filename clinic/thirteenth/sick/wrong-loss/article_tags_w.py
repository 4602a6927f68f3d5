"""Assign tags to articles: each has one to five of eight tags, the words are a bag."""
import torch
from torch import nn
from sklearn.datasets import make_multilabel_classification

torch.manual_seed(0)
X, Y = make_multilabel_classification(3000, n_features=40, n_classes=8, n_labels=3, length=150, random_state=0)
X = torch.tensor(X, dtype=torch.float32)
X = (X - X[:2400].mean(0)) / X[:2400].std(0)
Y = torch.tensor(Y, dtype=torch.float32)
Xtr, Ytr, Xte, Yte = X[:2400], Y[:2400], X[2400:], Y[2400:]

model = nn.Sequential(nn.Linear(40, 32), nn.ReLU(), nn.Linear(32, 8))
criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)


def scores(logits, truth):
    hit = (logits.sigmoid() > 0.5) == truth.bool()
    return hit.float().mean().item(), hit.all(1).float().mean().item()


for epoch in range(1, 13):
    total = 0.0
    for idx in torch.randperm(2400).split(60):
        optimizer.zero_grad()
        loss = criterion(model(Xtr[idx]), Ytr[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() / 40
    with torch.no_grad():
        single, exact = scores(model(Xte), Yte)
    print(f"epoch {epoch:2d} loss {total:.4f}  test: single tags right {single:.3f}  all tags right {exact:.3f}")
