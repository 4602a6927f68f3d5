"""Rotated bars: an 8-way orientation CNN, moved over from a TensorFlow 1 script."""
import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(38)
KEEP_PROB = 0.9
N_ANGLES = 8


def bars(n, size=11):
    k = torch.randint(0, N_ANGLES, (n,))
    angle = math.pi * (k + 0.3 * (torch.rand(n) - 0.5)) / N_ANGLES
    grid = torch.arange(size) - size // 2
    yy, xx = torch.meshgrid(grid, grid, indexing="ij")
    dist = xx * angle.sin()[:, None, None] - yy * angle.cos()[:, None, None]
    img = torch.exp(-dist ** 2 / 1.5) + 0.7 * torch.randn(n, size, size)
    return (img[:, None] - 0.3) / 0.8, k


class Orientation(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3)
        self.c2 = nn.Conv2d(16, 24, 3, stride=2)
        self.f1 = nn.Linear(24 * 16, 64)
        self.f2 = nn.Linear(64, N_ANGLES)

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x)).flatten(1)
        x = F.dropout(x, KEEP_PROB, self.training)  # cure: x = F.dropout(x, 1 - KEEP_PROB, self.training)
        x = F.relu(self.f1(x))
        x = F.dropout(x, KEEP_PROB, self.training)  # cure: x = F.dropout(x, 1 - KEEP_PROB, self.training)
        return self.f2(x)


train_x, train_y = bars(1600)
test_x, test_y = bars(500)
net = Orientation()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(8):
    net.train()
    tot = 0.0
    for b in torch.randperm(len(train_x)).split(40):
        loss = F.cross_entropy(net(train_x[b]), train_y[b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        tot += loss.item() * len(b) / len(train_x)
    net.eval()
    with torch.no_grad():
        out = net(test_x)
    print(f"epoch {epoch} train loss {tot:.3f} test loss {F.cross_entropy(out, test_y).item():.3f} test acc {(out.argmax(1) == test_y).float().mean().item():.3f}")
