"""Fit the 'peaks' surface with a two-layer network, full batch."""
import torch
import torch.nn as nn

torch.manual_seed(5)

g = torch.linspace(-1.5, 1.5, 24)
xx, yy = torch.meshgrid(g, g, indexing="ij")
grid = torch.stack([xx.flatten(), yy.flatten()], 1)


def peaks(p):
    x, y = p[:, :1] * 1.6, p[:, 1:] * 1.6
    z = 3 * (1 - x) ** 2 * torch.exp(-x ** 2 - (y + 1) ** 2)
    z = z - 10 * (x / 5 - x ** 3 - y ** 5) * torch.exp(-x ** 2 - y ** 2)
    return (z - torch.exp(-(x + 1) ** 2 - y ** 2) / 3) / 2


target = peaks(grid)
probe = (torch.rand(400, 2) - 0.5) * 3
probe_target = peaks(probe)

net = nn.Sequential(nn.Linear(2, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
steps = 1200
opt = torch.optim.Adam(net.parameters(), lr=0.04)
# cure: sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, steps)
for step in range(1, steps + 1):
    loss = nn.functional.mse_loss(net(grid), target)
    opt.zero_grad()
    loss.backward()
    opt.step()
    # cure: sched.step()
    if step % 50 == 0:
        with torch.no_grad():
            err = nn.functional.mse_loss(net(probe), probe_target).item()
        print(f"{step:5d}  fit {loss.item():.5f}  between the grid points {err:.5f}")
