"""Tag articles (bags of words) with any number of eight topics."""
import torch
import torch.nn as nn
from sklearn.datasets import make_multilabel_classification
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(31)
X, Y = make_multilabel_classification(n_samples=2500, n_features=60, n_classes=8, n_labels=3, length=120, random_state=31)
X, Y = torch.tensor(X, dtype=torch.float32), torch.tensor(Y, dtype=torch.float32)
X = (X - X[:2000].mean(0)) / X[:2000].std(0)
train = DataLoader(TensorDataset(X[:2000], Y[:2000]), batch_size=50, shuffle=True)
X_test, Y_test = X[2000:], Y[2000:]

tagger = nn.Sequential(nn.Linear(60, 48), nn.ReLU(), nn.Dropout(0.3), nn.Linear(48, 8))
criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(tagger.parameters(), lr=2e-3, weight_decay=1e-4)


def scores():
    tagger.eval()
    with torch.no_grad():
        pred = (torch.sigmoid(tagger(X_test)) > 0.5).float()
    tp = (pred * Y_test).sum()
    f1 = 2 * tp / (pred.sum() + Y_test.sum())
    return f1.item(), (pred == Y_test).float().mean().item(), pred.sum(1).mean().item()


for epoch in range(15):
    tagger.train()
    mean = 0.0
    for words, tags in train:
        loss = criterion(tagger(words), tags)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        mean += loss.item() / len(train)
    f1, correct, per_article = scores()
    print(f"epoch {epoch + 1:2d} loss {mean:.4f} micro-F1 {f1:.3f} tags right {correct:.3f} tags per article {per_article:.2f}")
print(f"true tags per article {Y_test.sum(1).mean():.2f}")
