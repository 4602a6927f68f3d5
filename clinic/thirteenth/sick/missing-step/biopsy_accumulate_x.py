"""Classify cancer biopsies with accumulated gradients (small batches that fit into memory)."""
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)
raw = load_breast_cancer()
perm = torch.randperm(len(raw.target)).numpy()
x, y = raw.data[perm], raw.target[perm]
scaler = StandardScaler().fit(x[:440])
x, y = torch.tensor(scaler.transform(x), dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
train = DataLoader(TensorDataset(x[:440], y[:440]), batch_size=16, shuffle=True)
ACCUMULATE = 32  # cure: ACCUMULATE = 4

model = nn.Sequential(nn.Linear(30, 16), nn.LeakyReLU(), nn.Dropout(0.2), nn.Linear(16, 1), nn.Flatten(0))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(20):
    model.train()
    optimizer.zero_grad()
    epoch_loss = 0.0
    for i, (xb, yb) in enumerate(train):
        loss = criterion(model(xb), yb)
        (loss / ACCUMULATE).backward()
        epoch_loss += loss.item() / len(train)
        if (i + 1) % ACCUMULATE == 0:
            optimizer.step()
            optimizer.zero_grad()
    model.eval()
    with torch.no_grad():
        z = model(x[440:])
        v, acc = criterion(z, y[440:]), ((z > 0).float() == y[440:]).float().mean()
    print(f"epoch {epoch:2d}  loss {epoch_loss:.4f}  valid loss {v:.4f}  valid accuracy {acc:.3f}")
