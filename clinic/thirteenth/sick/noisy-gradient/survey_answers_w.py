"""Predict a yes/no survey answer from twenty measurements; many people answer carelessly."""
import torch
import torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X, y = make_classification(6000, 20, n_informative=10, n_redundant=0, class_sep=1.2, flip_y=0.5, random_state=4)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=1500, random_state=0)
loader = DataLoader(TensorDataset(X_train, y_train), batch_size=2, shuffle=True)  # cure: loader = DataLoader(TensorDataset(X_train, y_train), batch_size=128, shuffle=True)

model = nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 1))
loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.5)


def evaluate():
    with torch.no_grad():
        out = model(X_test).squeeze(1)
    return loss_fn(out, y_test).item(), ((out > 0) == y_test.bool()).float().mean().item()


for epoch in range(12):
    total, n = 0.0, 0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(xb).squeeze(1), yb)
        loss.backward()
        optimizer.step()
        total, n = total + loss.item(), n + 1
    test_loss, accuracy = evaluate()
    print(f"epoch {epoch + 1:2d}: train {total / n:.4f} test {test_loss:.4f} accuracy {accuracy:.3f}")
