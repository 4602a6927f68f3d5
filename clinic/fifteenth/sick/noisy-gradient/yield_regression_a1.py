"""Estimate crop yield from eight field measurements; the recorded yields are very uncertain."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

SEED = 15
BATCH = 2  # cure: BATCH = 128
EPOCHS = 10  # cure: EPOCHS = 60
rng = np.random.default_rng(SEED)
torch.manual_seed(SEED)


def fields(n, noise):
    x = rng.normal(size=(n, 8))
    signal = np.sin(x[:, 0]) + 0.5 * x[:, 1] + 0.4 * x[:, 2] * x[:, 3]
    y = signal + noise * rng.normal(size=n)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32), torch.tensor(signal, dtype=torch.float32)


x, y, _ = fields(6000, noise=2.0)
x_ref, _, truth = fields(1000, noise=0.0)
loader = DataLoader(TensorDataset(x, y), batch_size=BATCH, shuffle=True)

net = nn.Sequential(nn.Linear(8, 10), nn.Tanh(), nn.Linear(10, 1), nn.Flatten(0))
opt = torch.optim.SGD(net.parameters(), lr=0.04)
mse = nn.MSELoss()
steps = 0
for epoch in range(1, EPOCHS + 1):
    losses = []
    for xb, yb in loader:
        loss = mse(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
        steps += 1
    if epoch % (EPOCHS // 10) == 0:
        with torch.no_grad():
            err = mse(net(x_ref), truth).item()
        print(f"epoch {epoch:3d} ({steps} steps)  train mse {np.mean(losses):.3f}  "
              f"mse to the true yield {err:.3f}  (predicting the mean: {truth.var().item():.3f})")
