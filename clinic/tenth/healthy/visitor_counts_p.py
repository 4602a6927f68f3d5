"""Visitors of a park per day, Poisson regression: counts in the hundreds, the loss is a sum over the batch."""
import numpy as np
import torch
from torch import nn


def days(n, seed):
    g = np.random.default_rng(seed)
    temp, rain, wday, hol = g.normal(size=n), g.gamma(0.5, 2, n), g.integers(0, 7, n), g.uniform(size=n) < 0.1
    lograte = 5.6 + 0.5 * temp - 0.15 * temp ** 2 - 0.25 * np.minimum(rain, 4) + 0.4 * (wday >= 5) + 0.5 * hol
    x = np.concatenate([temp[:, None], (rain[:, None] - 1) / 1.4, np.eye(7)[wday], hol[:, None]], 1)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(g.poisson(np.exp(lograte)), dtype=torch.float32)


torch.manual_seed(105)
x, y = days(3000, 1)
xv, yv = days(800, 2)
net = nn.Sequential(nn.Linear(10, 32), nn.SiLU(), nn.Linear(32, 1), nn.Flatten(0))
net[2].bias.data.fill_(y.mean().log().item())
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
nll = nn.PoissonNLLLoss(log_input=True, full=False, reduction="sum")
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 25)
for epoch in range(25):
    total = 0.0
    for b in torch.randperm(len(x)).split(50):
        loss = nll(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 500.0)
        opt.step()
        total += loss.item()
    sched.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            rate = net(xv).exp()
        dev = 2 * (yv * (yv.clamp(min=1) / rate).log() - (yv - rate)).mean()
        print(f"epoch {epoch:2d} loss {total:.0f} mean deviance {dev:.3f} mean abs error {(rate - yv).abs().mean():.1f} of {yv.mean():.0f}")
