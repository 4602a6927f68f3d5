"""Handwritten digits with a plain MLP, 120 training images of each class."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits

torch.manual_seed(14)
rng = np.random.default_rng(14)
x, y = load_digits(return_X_y=True)
x = (x - x.mean()) / x.std()

train_x, train_y, test_x, test_y = [], [], [], []
for digit in range(10):
    rows = rng.permutation(np.flatnonzero(y == digit))
    train_x.append(x[rows[:120]])
    train_y += [digit] * 120
    test_x.append(x[rows[120:]])
    test_y += [digit] * (len(rows) - 120)


def loader(parts, labels, **kw):
    data = TensorDataset(torch.tensor(np.concatenate(parts), dtype=torch.float32), torch.tensor(labels))
    return DataLoader(data, batch_size=30, **kw)


train = loader(train_x, train_y)  # cure: train = loader(train_x, train_y, shuffle=True)
test = loader(test_x, test_y)

model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
criterion = nn.CrossEntropyLoss()

for epoch in range(12):
    epoch_loss = 0.0
    for images, labels in train:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    correct = total = 0
    with torch.no_grad():
        for images, labels in test:
            correct += (model(images).argmax(1) == labels).sum().item()
            total += len(labels)
    print(f"Epoch {epoch + 1:2d}: loss {epoch_loss / len(train):.4f}, test accuracy {correct / total:.4f}")
