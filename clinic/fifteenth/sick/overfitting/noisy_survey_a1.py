"""Predict an answer of a survey (noisy, many questions) with a multilayer perceptron."""
import torch
from sklearn.datasets import make_classification
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(20)
x, y = make_classification(n_samples=1300, n_features=60, n_informative=8, n_redundant=4, n_clusters_per_class=1,
                           class_sep=0.9, flip_y=0.2, random_state=20)
x = torch.tensor(x, dtype=torch.float32)
y = torch.tensor(y)
x_train, y_train, x_val, y_val = x[:300], y[:300], x[300:], y[300:]
mean, std = x_train.mean(0), x_train.std(0)
x_train, x_val = (x_train - mean) / std, (x_val - mean) / std

model = nn.Sequential(nn.Linear(60, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 2))  # cure: model = nn.Sequential(nn.Dropout(0.3), nn.Linear(60, 8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 2))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0)  # cure: optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.5)
criterion = nn.CrossEntropyLoss()
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=16, shuffle=True)
for epoch in range(1, 51):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    if epoch % 5 == 0:
        model.eval()
        with torch.no_grad():
            tr, va = model(x_train), model(x_val)
        print(f"epoch {epoch:2d}  train loss {criterion(tr, y_train):.4f} acc {(tr.argmax(1) == y_train).float().mean():.3f}"
              f"   val loss {criterion(va, y_val):.4f} acc {(va.argmax(1) == y_val).float().mean():.3f}")
