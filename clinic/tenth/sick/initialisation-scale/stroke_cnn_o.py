"""All-convolutional classifier for 8x8 digits with hand-set starting weights."""
import math
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def init(m):
    if isinstance(m, nn.Conv2d):
        fan = m.kernel_size[0] * m.kernel_size[1]  # cure: fan = m.in_channels * m.kernel_size[0] * m.kernel_size[1]
        m.weight.data.normal_(0, math.sqrt(2.0 / fan))
        m.bias.data.zero_()


def conv(a, b, stride=1):
    return [nn.Conv2d(a, b, 3, stride=stride, padding=1), nn.ReLU()]


torch.manual_seed(9)
digits = load_digits()
x = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
x = (x - x.mean()) / x.std()
y = torch.tensor(digits.target)
train_set, valid_set = random_split(TensorDataset(x, y), [1300, 497], generator=torch.Generator().manual_seed(9))
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
valid_loader = DataLoader(valid_set, batch_size=256)

model = nn.Sequential(
    *conv(1, 16), *conv(16, 16), *conv(16, 24, stride=2), *conv(24, 24), *conv(24, 24), *conv(24, 24, stride=2),
    nn.Flatten(), nn.Linear(24 * 4, 10),
)
model.apply(init)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(1, 7):
    model.train()
    seen = 0.0
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
        seen += loss.item() * len(xb)
    model.eval()
    with torch.no_grad():
        good = sum((model(xb).argmax(1) == yb).sum().item() for xb, yb in valid_loader)
    print(f"Epoch {epoch} train loss {seen / 1300:.4f} valid accuracy {good / 497:.4f}")
