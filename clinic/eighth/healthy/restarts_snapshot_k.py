"""Warm restarts with snapshots: each cosine cycle ends in one member of an ensemble for a toy spectrum regression."""
import copy
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts

torch.manual_seed(0)
axis = torch.linspace(-1, 1, 48)


def spectra(n):
    c, wd = torch.rand(n, 1) * 1.2 - 0.6, torch.rand(n, 1) * 0.2 + 0.1
    x = torch.exp(-((axis - c) / wd) ** 2) + 0.1 * torch.randn(n, 48)
    return (x - 0.25) / 0.4, torch.cat([c / 0.35, (wd - 0.2) / 0.06], 1)


x, y = spectra(3000)
xv, yv = spectra(800)
net = nn.Sequential(nn.Unflatten(1, (1, 48)), nn.Conv1d(1, 12, 7, stride=2, padding=3), nn.ReLU(),
                    nn.Conv1d(12, 16, 5, stride=2, padding=2), nn.ReLU(), nn.Flatten(), nn.Linear(192, 32), nn.ReLU(), nn.Linear(32, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)
sched = CosineAnnealingWarmRestarts(opt, T_0=5)
members = []
for epoch in range(15):
    total = 0.0
    for i in torch.randperm(3000).split(60):
        loss = nn.functional.mse_loss(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 50
    sched.step()
    if (epoch + 1) % 5 == 0:
        members.append(copy.deepcopy(net).eval())
    with torch.no_grad():
        single = nn.functional.mse_loss(net(xv), yv).item()
    print(f"epoch {epoch + 1} train {total:.4f} valid {single:.4f}")
with torch.no_grad():
    mean = torch.stack([m(xv) for m in members]).mean(0)
print(f"ensemble of {len(members)}: valid {nn.functional.mse_loss(mean, yv).item():.4f}")
