"""Bike counts per hour: Poisson regression summed over the batch, so that the loss is in the thousands."""
import argparse
import numpy as np
import torch
from torch import nn

ap = argparse.ArgumentParser()
ap.add_argument("--epochs", type=int, default=15)
ap.add_argument("--lr", type=float, default=2e-3)
args = ap.parse_args()
rng = np.random.default_rng(3)
torch.manual_seed(3)


def hours(n):
    h, temp, wet = rng.uniform(0, 24, n), rng.normal(15, 8, n), rng.random(n) < 0.2
    rate = np.exp(3.5 + np.exp(-(h - 8) ** 2 / 4) + 1.2 * np.exp(-(h - 17) ** 2 / 6) + 0.03 * temp - 0.7 * wet)
    x = np.stack([np.sin(h * np.pi / 12), np.cos(h * np.pi / 12), np.sin(h * np.pi / 6), np.cos(h * np.pi / 6), (temp - 15) / 8, 2 * wet - 0.4], 1)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(rng.poisson(rate), dtype=torch.float32), torch.tensor(rate, dtype=torch.float32)


x, y, _ = hours(4000)
xv, yv, rate_v = hours(1000)
net = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))
nn.init.constant_(net[-1].bias, y.mean().log().item())
opt = torch.optim.Adam(net.parameters(), lr=args.lr)
nll = nn.PoissonNLLLoss(log_input=True, full=True, reduction="sum")
for epoch in range(args.epochs):
    total = 0.0
    for i in torch.randperm(len(x)).split(100):
        loss = nll(net(x[i])[:, 0], y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 40
    with torch.no_grad():
        out = net(xv)[:, 0]
    off = ((out.exp() - rate_v).abs() / rate_v).mean().item()
    print(f"epoch {epoch:2d} nll per batch {total:.1f} valid {nll(out, yv).item():.1f} relative error of the rate {off:.3f}")
