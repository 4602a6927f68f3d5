"""Photon counts per detector pixel; the summed negative log-likelihood runs into tens of thousands, as it should."""
import argparse

import torch
from torch import nn

ap = argparse.ArgumentParser()
ap.add_argument("--pixels", type=int, default=6000)
ap.add_argument("--epochs", type=int, default=40)
ap.add_argument("--lr", type=float, default=2e-3)
opt_args = ap.parse_args()
torch.manual_seed(206)


def brightness(p):
    a = torch.exp(-((p - torch.tensor([0.3, -0.2])) ** 2).sum(1) / 0.1)
    b = torch.exp(-((p + 0.4) ** 2).sum(1) / 0.3)
    return 200 + 1500 * a + 600 * b


def total_nll(log_rate, counts):
    return (log_rate.exp() - counts * log_rate + torch.lgamma(counts + 1)).sum()


pos = torch.rand(opt_args.pixels, 2) * 2 - 1
counts = torch.poisson(brightness(pos))
grid = torch.rand(2000, 2) * 2 - 1
net = nn.Sequential(nn.Linear(2, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
with torch.no_grad():
    net[-1].bias.fill_(counts.mean().log())
optim = torch.optim.Adam(net.parameters(), lr=opt_args.lr)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(optim, opt_args.epochs, eta_min=1e-4)
for epoch in range(opt_args.epochs):
    whole = 0.0
    for i in torch.randperm(len(pos)).split(300):
        loss = total_nll(net(pos[i] * 1.7).squeeze(1), counts[i])
        optim.zero_grad()
        loss.backward()
        optim.step()
        whole += loss.item()
    sched.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            rel = (net(grid * 1.7).squeeze(1).exp() / brightness(grid) - 1).abs().mean()
        print(f"epoch {epoch + 1} total nll {whole:,.0f} mean relative error of the brightness {rel:.4f}")
