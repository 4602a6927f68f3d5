"""Poisson regression of the number of calls per hour in a call centre; the loss is the full negative log-likelihood, summed."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(7)
torch.manual_seed(7)


def hours(n):
    h, day, promo = rng.integers(0, 24, n), rng.integers(0, 7, n), rng.random(n) < 0.15
    outage = rng.exponential(1.0, n)
    rate = np.exp(4.2 + 1.1 * np.sin((h - 6) * np.pi / 12) - 0.6 * (day >= 5) + 0.4 * promo + 0.25 * outage * (h > 7))
    x = np.column_stack([np.sin(h * np.pi / 12), np.cos(h * np.pi / 12), day >= 5, promo, outage - 1, (h > 7)])
    return torch.tensor(x, dtype=torch.float32), torch.tensor(rng.poisson(rate), dtype=torch.float32)


x, y = hours(6000)
xv, yv = hours(1500)
loader = DataLoader(TensorDataset(x, y), batch_size=200, shuffle=True)
net = nn.Sequential(nn.Linear(6, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1), nn.Flatten(0))
with torch.no_grad():
    net[-2].bias.fill_(float(y.mean().log()))
nll = nn.PoissonNLLLoss(log_input=True, full=True, reduction="sum")
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(25):
    total = 0.0
    for xb, yb in loader:
        loss = nll(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    if epoch % 3 == 0:
        with torch.no_grad():
            rate = net(xv).exp()
        r2 = 1 - ((rate - yv) ** 2).mean() / yv.var()
        print(f"epoch {epoch:2d}  summed NLL {total:.0f}  valid NLL {nll(net(xv), yv).item():.0f}  R2 {r2.item():.4f}")
