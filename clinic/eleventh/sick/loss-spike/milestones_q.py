"""Two-spiral classification with a step schedule: the rate changes at two milestones towards the end."""
import numpy as np
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import MultiStepLR

torch.manual_seed(10)
rng = np.random.default_rng(10)


def spirals(n):
    t = np.sqrt(rng.random(n)) * 2.2 * np.pi
    c = rng.integers(0, 2, n)
    r = t / (2.2 * np.pi)
    pts = np.c_[r * np.cos(t + np.pi * c), r * np.sin(t + np.pi * c)] + 0.02 * rng.standard_normal((n, 2))
    return torch.tensor(pts * 1.8).float(), torch.tensor(c)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 2))

    def forward(self, x):
        return self.layers(x)


x, y = spirals(1200)
xt, yt = spirals(400)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=8e-3)
scheduler = MultiStepLR(optimizer, milestones=[30, 40], gamma=10)  # cure: scheduler = MultiStepLR(optimizer, milestones=[30, 40], gamma=0.1)
for epoch in range(1, 51):
    losses = []
    for idx in torch.randperm(len(x)).split(40):
        loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    scheduler.step()
    if epoch % 5 == 0:
        with torch.no_grad():
            acc = (net(xt).argmax(1) == yt).float().mean()
        print(f"epoch {epoch} loss {np.mean(losses):.4f} test acc {acc:.3f}")
