"""Calibrate a sensor: learn a smooth response surface from readings with a lot of measurement noise."""
import numpy as np
import torch
from torch import nn

gen = np.random.RandomState(2)
torch.manual_seed(2)


def surface(u):
    return np.sin(2 * u[:, 0]) + u[:, 1] * u[:, 2]


u = gen.uniform(-1.5, 1.5, size=(20000, 3)).astype("float32")
reading = surface(u) + gen.normal(scale=3.0, size=len(u))
u_ref = gen.uniform(-1.5, 1.5, size=(2000, 3)).astype("float32")
U, R = torch.from_numpy(u), torch.tensor(reading, dtype=torch.float32)
U_ref, clean = torch.from_numpy(u_ref), torch.tensor(surface(u_ref), dtype=torch.float32)

BATCH = 1  # cure: BATCH = 200
STEPS = 1600
net = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)

smooth = None
for step in range(1, STEPS + 1):
    rows = torch.randint(len(U), (BATCH,))
    loss = (net(U[rows]).squeeze(1) - R[rows]).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    smooth = loss.item() if smooth is None else 0.98 * smooth + 0.02 * loss.item()
    if step % 160 == 0:
        with torch.no_grad():
            err = (net(U_ref).squeeze(1) - clean).square().mean().sqrt()
        print(f"{step:5d}  noisy mse {smooth:.3f}  rmse against reference {err:.3f} (spread {clean.std():.3f})")
