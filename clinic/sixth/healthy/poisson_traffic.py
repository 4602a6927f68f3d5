"""Counts of vehicles per hour (hundreds to tens of thousands) by a Poisson network; the deviance is the figure to watch."""
import math
import torch
import torch.nn as nn

torch.manual_seed(91)


def hours(n):
    h, d, rain = 24 * torch.rand(n), torch.randint(7, (n,)), torch.rand(n)
    log_rate = 7.5 + 1.2 * torch.sin((h - 8) / 24 * 2 * math.pi) + 0.5 * (d < 5) * torch.cos(h / 12 * 2 * math.pi) - 0.8 * rain ** 2
    x = torch.stack([torch.sin(h / 12 * math.pi), torch.cos(h / 12 * math.pi), (d < 5).float() * 2 - 1, rain * 2 - 1], 1)
    return x, torch.poisson(log_rate.exp())


def deviance(log_mu, y):
    mu = log_mu.exp()
    return 2 * (torch.xlogy(y, y / mu) - (y - mu)).mean()


x, y = hours(4000)
xv, yv = hours(1000)
net = nn.Sequential(nn.Linear(4, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1))
nn.init.constant_(net[-1].bias, y.mean().log().item())
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 5e-3, total_steps=40 * 40)
loss_fn = nn.PoissonNLLLoss(log_input=True)
for epoch in range(1, 41):
    total = 0.0
    for idx in torch.randperm(len(x)).split(100):
        loss = loss_fn(net(x[idx]).squeeze(1), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() * len(idx)
    if epoch % 4 == 0:
        with torch.no_grad():
            dv = deviance(net(xv).squeeze(1), yv)
        print(f"epoch {epoch} poisson loss {total / len(x):.2f} validation deviance {dv:.2f}")
