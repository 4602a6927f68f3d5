"""Digits MLP with gradient accumulation over four small batches."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(22)
bunch = load_digits()
x = torch.tensor(bunch.data, dtype=torch.float32) / 16 - 0.3
y = torch.tensor(bunch.target)
perm = torch.randperm(len(x))
train, test = perm[:1400], perm[1400:]
loader = DataLoader(TensorDataset(x[train], y[train]), batch_size=10, shuffle=True)
accum = 4

model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(12):
    total = 0.0
    for i, (xb, yb) in enumerate(loader):
        loss = nn.functional.cross_entropy(model(xb), yb)
        (loss / accum).backward()
        total += loss.item()
        if (i + 1) % accum == 0:
            optimizer.step()
            # cure: optimizer.zero_grad()
    with torch.no_grad():
        out = model(x[test])
    print(f"epoch {epoch} loss {total / len(loader):.3f} test loss {nn.functional.cross_entropy(out, y[test]):.3f} "
          f"acc {(out.argmax(1) == y[test]).float().mean():.3f}")
