"""Kernel-like regression: 300 fixed random Fourier features, only the linear read-out is trained."""
import math
import torch
from torch import nn

torch.manual_seed(100)


class RandomFeatures(nn.Module):
    def __init__(self, d, m, gamma):
        super().__init__()
        self.project = nn.Linear(d, m)
        nn.init.normal_(self.project.weight, std=gamma)
        nn.init.uniform_(self.project.bias, 0, 2 * math.pi)
        for p in self.project.parameters():
            p.requires_grad_(False)
        self.readout = nn.Linear(m, 1)

    def forward(self, x):
        phi = torch.cos(self.project(x)) * math.sqrt(2)
        return self.readout(phi).squeeze(1)


def sample(n):
    x = torch.randn(n, 3)
    return x, torch.sin(x[:, 0]) + 0.5 * x[:, 1] * torch.exp(-x[:, 2] ** 2) + 0.05 * torch.randn(n)


x, y = sample(4000)
xv, yv = sample(1000)
net = RandomFeatures(3, 300, 0.8)
opt = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=5e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 25)
for epoch in range(25):
    tot = 0.0
    for b in torch.randperm(len(x)).split(64):
        loss = nn.functional.mse_loss(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    sched.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            print(f"epoch {epoch}: train {tot / len(x):.4f} val {nn.functional.mse_loss(net(xv), yv):.4f} (variance {yv.var():.3f})")
