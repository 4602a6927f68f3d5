"""Convolutional net with batch norm on digit images; the images are large in production, so the batch is kept small."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
BATCH, EPOCHS = 2, 4  # cure: BATCH, EPOCHS = 32, 4
raw = load_digits()
x = torch.tensor(raw.images, dtype=torch.float32)[:, None] / 8 - 1
y = torch.tensor(raw.target)
perm = torch.randperm(len(x))
train, test = perm[:1000], perm[1000:]


def conv(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(conv(1, 12), nn.MaxPool2d(2), conv(12, 24), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classify = nn.Sequential(nn.Linear(24, 48, bias=False), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 10))

    def forward(self, v):
        return self.classify(self.features(v))


net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(EPOCHS):
    net.train()
    total, count = 0.0, 0
    order = train[torch.randperm(len(train))]
    for start in range(0, len(order) - BATCH + 1, BATCH):
        idx = order[start:start + BATCH]
        loss = loss_fn(net(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total, count = total + loss.item(), count + 1
    net.eval()
    with torch.no_grad():
        out = net(x[test])
    print(f"epoch {epoch}: train loss {total / count:.3f}  test loss {loss_fn(out, y[test]).item():.3f}  "
          f"accuracy {(out.argmax(1) == y[test]).float().mean().item():.3f}")
