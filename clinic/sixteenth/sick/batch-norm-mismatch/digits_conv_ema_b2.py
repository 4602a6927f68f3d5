"""Train a small convnet on the scikit-learn digits and keep an exponential moving average of it for evaluation."""
import copy

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32).view(-1, 1, 8, 8) / 16
X = (X - X.mean()) / X.std()
y = torch.tensor(y)
Xtr, Xva, ytr, yva = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
loader = DataLoader(TensorDataset(Xtr, ytr), batch_size=64, shuffle=True)


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


model = nn.Sequential(block(1, 16), block(16, 32), nn.MaxPool2d(2), block(32, 32), nn.AdaptiveAvgPool2d(1),
                      nn.Flatten(), nn.Linear(32, 10))
average = copy.deepcopy(model).eval()
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
DECAY = 0.97


@torch.no_grad()
def update_average():
    for slow, fast in zip(average.parameters(), model.parameters()):
        slow.lerp_(fast, 1 - DECAY)
    # cure: for slow, fast in zip(average.buffers(), model.buffers()):
    # cure:     slow.copy_(fast)


for epoch in range(12):
    model.train()
    total = 0.0
    for xb, yb in loader:
        loss = F.cross_entropy(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        update_average()
        total += loss.item() * len(xb)
    with torch.no_grad():
        out = average(Xva)
    acc = (out.argmax(1) == yva).float().mean()
    print(f"epoch {epoch:2d}  train {total / len(Xtr):.4f}  average: valid {F.cross_entropy(out, yva):.4f}  acc {acc:.3f}")
