"""A plain deep convolutional network with batch normalisation on the digits."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(26)


def unit(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class PlainNet(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.high = nn.Sequential(unit(1, c), *[unit(c, c) for _ in range(3)])
        self.low = nn.Sequential(*[unit(c, c) for _ in range(4)])
        self.fc = nn.Linear(c * 4, 10)

    def forward(self, x):
        x = F.max_pool2d(self.high(x), 2)
        x = F.max_pool2d(self.low(x), 2)
        return self.fc(x.flatten(1))


def summary(model, x):
    model.eval()
    with torch.no_grad():
        shape = tuple(model(x).shape)
    print(f"{sum(p.numel() for p in model.parameters())} parameters, output {shape}")


d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
order = torch.randperm(len(x))
train, test = order[:1400], order[1400:]
loader = DataLoader(TensorDataset(x[train], y[train]), batch_size=50, shuffle=True)
val_loader = DataLoader(TensorDataset(x[test], y[test]), batch_size=200)

net = PlainNet()
summary(net, x[:2])
optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 8)


def accuracy():
    net.eval()
    with torch.no_grad():
        return sum((net(xb).argmax(1) == yb).sum().item() for xb, yb in val_loader) / len(test)


for epoch in range(1, 9):
    # cure: net.train()
    total = 0.0
    for xb, yb in loader:
        loss = F.cross_entropy(net(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / len(loader)
    scheduler.step()
    print(f"epoch {epoch} loss {total:.4f} test accuracy {accuracy():.4f}")
