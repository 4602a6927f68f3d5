"""Convolutional classifier for the 8x8 digits, ported from our Keras version."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)
BN = dict(momentum=0.001, eps=1e-3)  # cure: BN = dict(momentum=0.1, eps=1e-3)

digits = load_digits()
x = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1)
x = (x - x.mean()) / x.std()
y = torch.tensor(digits.target)
train_set, test_set = random_split(TensorDataset(x, y), [1400, 397])
train_dl = DataLoader(train_set, batch_size=32, shuffle=True)
test_dl = DataLoader(test_set, batch_size=128)


def block(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout, **BN), nn.ReLU())


model = nn.Sequential(block(1, 16), block(16, 24), nn.MaxPool2d(2), block(24, 32), block(32, 32),
                      nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(128, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)

for epoch in range(6):
    model.train()
    seen = correct = 0
    for xb, yb in train_dl:
        logits = model(xb)
        loss = F.cross_entropy(logits, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen += len(yb)
        correct += (logits.argmax(1) == yb).sum().item()
    model.eval()
    with torch.no_grad():
        pairs = [(model(xb), yb) for xb, yb in test_dl]
    logits, target = torch.cat([p for p, _ in pairs]), torch.cat([t for _, t in pairs])
    print(f"epoch {epoch} train acc {correct / seen:.3f} test loss {F.cross_entropy(logits, target):.3f} "
          f"test acc {(logits.argmax(1) == target).float().mean():.3f}")
