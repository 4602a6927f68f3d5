"""Estimate the height of trees from laser echoes; judged against the exact heights of some trees."""
import numpy as np
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(77)


def survey(n, exact=False):
    echo = rng.normal(size=(n, 6))
    height = np.tanh(echo[:, 0] + echo[:, 1]) + 0.5 * np.cos(2 * echo[:, 2]) + 0.4 * echo[:, 3]
    measured = height if exact else height + 1.5 * rng.standard_t(5, size=n)
    return torch.tensor(echo, dtype=torch.float32), torch.tensor(measured, dtype=torch.float32)[:, None]


torch.manual_seed(77)
BATCH = 2  # cure: BATCH = 256
train_set = TensorDataset(*survey(30000))
test_x, test_y = survey(1500, exact=True)
loader = DataLoader(train_set, batch_size=BATCH, shuffle=True)
net = nn.Sequential(nn.Linear(6, 24), nn.SiLU(), nn.Linear(24, 1))
opt = optim.Adam(net.parameters(), lr=0.01)
updates, limit, recent = 0, 2000, []
while updates < limit:
    for x, y in loader:
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        opt.step()
        recent.append(loss.item())
        updates += 1
        if updates % 200 == 0:
            with torch.no_grad():
                error = nn.functional.mse_loss(net(test_x), test_y)
            print(f"update {updates:4d}  loss {np.mean(recent):6.3f} +- {np.std(recent):6.3f}  "
                  f"error against exact heights {error:.4f}  R2 {1 - error / test_y.var():.3f}")
            recent.clear()
        if updates == limit:
            break
