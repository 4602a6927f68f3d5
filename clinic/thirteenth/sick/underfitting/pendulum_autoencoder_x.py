"""Autoencoder for pendulum snapshots (16 x 16 pixels): angle and length vary."""
import math

import torch
from torch import nn

torch.manual_seed(16)


def snapshots(n):
    angle = (torch.rand(n, 1, 1) - 0.5) * 2.4
    length = 6 + 6 * torch.rand(n, 1, 1)
    yy, xx = torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij")
    by, bx = length * torch.cos(angle), 7.5 + length * torch.sin(angle) * 0.7
    return torch.exp(-((yy - by) ** 2 + (xx - bx) ** 2) / 8).flatten(1)


WIDTH = 3  # cure: WIDTH = 96
CODE = 2
model = nn.Sequential(
    nn.Linear(256, WIDTH), nn.GELU(), nn.Linear(WIDTH, CODE),
    nn.Linear(CODE, WIDTH), nn.GELU(), nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Linear(WIDTH, 256))
train, valid = snapshots(3000), snapshots(500)
mean, std = train.mean(), train.std()
train, valid = (train - mean) / std, (valid - mean) / std
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40)
for epoch in range(40):
    for idx in torch.randperm(len(train)).split(64):
        opt.zero_grad()
        loss = nn.functional.mse_loss(model(train[idx]), train[idx])
        loss.backward()
        opt.step()
    sched.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            a, b = (nn.functional.mse_loss(model(z), z).item() for z in (train, valid))
        print(f"epoch {epoch + 1:2d} train {a:.4f} valid {b:.4f} explained {100 * (1 - b):.1f} %")
