# Land-cover map of a made-up region: which of four cover types is found at (east, north)?
import math

import torch
from torch import nn

torch.manual_seed(72)
HIDDEN = 3  # cure: HIDDEN = 64
LR, EPOCHS, BATCH = 4e-3, 30, 60


def cover(p):
    """Fields follow a wavy grid; the cover type depends on the parity of row and column."""
    row = torch.floor(p[:, 0] * 0.8 + 0.4 * torch.sin(2 * p[:, 1]) + 0.5)
    col = torch.floor(p[:, 1] * 0.8 + 0.4 * torch.cos(2 * p[:, 0]) + 0.5)
    return (2 * (row % 2) + col % 2).long()


def survey(n):
    p = (torch.rand(n, 2) - 0.5) * 2 * math.sqrt(3)
    return p, cover(p)


class CoverNet(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.a = nn.Linear(2, hidden)
        self.b = nn.Linear(hidden, hidden)
        self.c = nn.Linear(hidden, 4)

    def forward(self, p):
        h = nn.functional.leaky_relu(self.a(p), 0.1)
        h = nn.functional.leaky_relu(self.b(h), 0.1)
        return self.c(h)


points, types = survey(3000)
test_points, test_types = survey(1000)
net = CoverNet(HIDDEN)
opt = torch.optim.RMSprop(net.parameters(), lr=LR, alpha=0.95)
decay = torch.optim.lr_scheduler.ExponentialLR(opt, 0.96)

for epoch in range(1, EPOCHS + 1):
    mean_loss = 0.0
    for idx in torch.randperm(len(points)).split(BATCH):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(points[idx]), types[idx])
        loss.backward()
        opt.step()
        mean_loss += loss.item() * BATCH / len(points)
    decay.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            train_acc = (net(points).argmax(1) == types).float().mean().item()
            test_acc = (net(test_points).argmax(1) == test_types).float().mean().item()
        print(f"epoch {epoch:2d} loss {mean_loss:.4f} train acc {train_acc:.3f} test acc {test_acc:.3f}")
