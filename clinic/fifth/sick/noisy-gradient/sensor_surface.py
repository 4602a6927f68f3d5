"""Recover a smooth surface from many very noisy point measurements."""
import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(4)
torch.manual_seed(4)


def surface(p):
    return np.sin(2.5 * p[:, 0]) * np.cos(1.5 * p[:, 1]) + 0.5 * p[:, 0] * p[:, 1]


points = rng.uniform(-1.5, 1.5, (20000, 2))
readings = surface(points) + rng.normal(0, 2.0, 20000)
grid = np.stack(np.meshgrid(np.linspace(-1.4, 1.4, 30), np.linspace(-1.4, 1.4, 30)), -1).reshape(-1, 2)
P, R = torch.tensor(points).float(), torch.tensor(readings).float()[:, None]
G, S = torch.tensor(grid).float(), torch.tensor(surface(grid)).float()[:, None]

BATCH = 2  # cure: BATCH = 256
ITERS = 2500
net = torch.nn.Sequential(
    torch.nn.Linear(2, 64), torch.nn.SiLU(),
    torch.nn.Linear(64, 64), torch.nn.SiLU(),
    torch.nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=4e-3)

avg = None
for i in range(1, ITERS + 1):
    pick = torch.randint(0, len(P), (BATCH,))
    loss = F.mse_loss(net(P[pick]), R[pick])
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = loss.item() if avg is None else 0.99 * avg + 0.01 * loss.item()
    if i % 250 == 0:
        with torch.no_grad():
            err = F.mse_loss(net(G), S) / S.var()
        print(f"{i:5d} smoothed loss {avg:.3f}   error against the true surface (share of variance) {err:.3f}")
