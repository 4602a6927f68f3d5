"""Spiral classification with a step schedule."""
import math
import torch
from torch import nn
from torch.optim.lr_scheduler import MultiStepLR


def spirals(n, classes=3):
    k = torch.randint(0, classes, (n,))
    r = torch.rand(n).sqrt()
    a = r * 5 + k * 2 * math.pi / classes
    return torch.stack([r * a.cos(), r * a.sin()], 1) * 2 + 0.04 * torch.randn(n, 2), k


torch.manual_seed(3)
x, y = spirals(3000)
xv, yv = spirals(1000)
model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3))
opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
sched = MultiStepLR(opt, milestones=[22], gamma=10)  # cure: sched = MultiStepLR(opt, milestones=[22], gamma=0.1)
for epoch in range(30):
    total = 0.0
    for b in torch.randperm(3000).split(100):
        loss = nn.functional.cross_entropy(model(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    sched.step()
    with torch.no_grad():
        acc = (model(xv).argmax(1) == yv).float().mean()
    print(f"epoch {epoch + 1} lr {sched.get_last_lr()[0]:.3g} loss {total:.4f} acc {acc:.3f}")
