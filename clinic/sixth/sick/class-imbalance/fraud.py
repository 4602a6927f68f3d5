"""Flag fraudulent card payments; fraud is rare (about 2%)."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def payments(n, rng):
    fraud = rng.random(n) < 0.02
    amount = rng.normal(0, 1, n) + 1.3 * fraud
    hour = rng.normal(0, 1, n) - 0.9 * fraud
    distance = rng.normal(0, 1, n) + 1.0 * fraud
    other = rng.normal(0, 1, (n, 3))
    x = np.column_stack([amount, hour, distance, other])
    return torch.tensor(x, dtype=torch.float32), torch.tensor(fraud, dtype=torch.float32)


def report(model, x, y):
    with torch.no_grad():
        flag = model(x).squeeze(1) > 0
    recall = flag[y == 1].float().mean().item()
    spec = (~flag[y == 0]).float().mean().item()
    return recall, (recall + spec) / 2, (flag.float() == y).float().mean().item()


torch.manual_seed(0)
rng = np.random.default_rng(0)
x_tr, y_tr = payments(8000, rng)
x_va, y_va = payments(4000, rng)
loader = DataLoader(TensorDataset(x_tr, y_tr), batch_size=128, shuffle=True)
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCEWithLogitsLoss(pos_weight=(y_tr == 0).sum() / (y_tr == 1).sum())
for epoch in range(12):
    total = 0.0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb).squeeze(1), yb)
        loss.backward()
        optimizer.step()
        total += loss.item()
    recall, balanced, acc = report(model, x_va, y_va)
    print(f"epoch {epoch + 1:2d} loss {total / len(loader):.4f} accuracy {acc:.3f} fraud recall {recall:.3f} "
          f"balanced accuracy {balanced:.3f}")
