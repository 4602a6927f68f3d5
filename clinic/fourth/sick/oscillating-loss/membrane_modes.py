"""Displacement of a square drum skin (three modes superposed) from sparse probe points, with a cosine-decayed rate."""
import math
import torch
from torch import nn

torch.manual_seed(0)
EPOCHS, BATCH = 40, 60


def skin(p):
    x, y = math.pi * p[:, :1], math.pi * p[:, 1:]
    return torch.sin(x) * torch.sin(y) + 0.7 * torch.sin(2 * x) * torch.sin(y) - 0.5 * torch.sin(2 * x) * torch.sin(3 * y)


class Membrane(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(2, width), nn.Linear(width, width), nn.Linear(width, 1)

    def forward(self, p):
        h = torch.tanh(self.a((p - 0.5) / 0.29))
        return self.c(torch.tanh(self.b(h)))


probes, grid = torch.rand(2400, 2), torch.rand(2000, 2)
z, z_grid = skin(probes) + 0.01 * torch.randn(2400, 1), skin(grid)
net = Membrane()
opt = torch.optim.Adam(net.parameters(), lr=0.03)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=EPOCHS)
for epoch in range(1, EPOCHS + 1):
    total = 0.0
    for idx in torch.randperm(len(probes)).split(BATCH):
        loss = ((net(probes[idx]) - z[idx]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    # cure: scheduler.step()
    if epoch % 2 == 0:
        with torch.no_grad():
            err = ((net(grid) - z_grid) ** 2).mean().item()
        print(f"epoch {epoch:2d}  train mse {total / len(probes):.5f}  grid mse {err:.5f}")
