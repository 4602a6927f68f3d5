"""Hourly bike rentals: Poisson regression on raw counts, the log-likelihood summed over the batch."""
import math
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def rentals(n):
    hour, temp, rain = 24 * torch.rand(n), torch.randn(n), (torch.rand(n) < 0.2).float()
    work = (torch.rand(n) < 5 / 7).float()
    peak = torch.exp(-((hour - 8) / 1.5) ** 2) + 1.3 * torch.exp(-((hour - 17.5) / 2) ** 2)
    lazy = torch.exp(-((hour - 14) / 4) ** 2)
    rate = 3.2 + 2.0 * (work * peak + (1 - work) * lazy) + 0.3 * temp - 0.1 * temp ** 2 - 0.8 * rain
    ang = hour * math.pi / 12
    feats = [f(k * ang) for k in (1, 2, 3) for f in (torch.sin, torch.cos)]
    x = torch.stack(feats + [temp, (rain - 0.2) / 0.4, (work - 0.71) / 0.45], 1)
    return x, torch.poisson(rate.exp())


class CountNet(nn.Module):
    def __init__(self, mean_count):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(9, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1))
        nn.init.constant_(self.net[-1].bias, math.log(mean_count))

    def forward(self, x):
        return self.net(x).squeeze(-1)


torch.manual_seed(47)
x, y = rentals(4000)
xv, yv = rentals(1000)
net = CountNet(y.mean().item())
nll = nn.PoissonNLLLoss(log_input=True, full=True, reduction="sum")
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)
for epoch in range(1, 26):
    total = 0.0
    for xb, yb in DataLoader(TensorDataset(x, y), batch_size=100, shuffle=True):
        loss = nll(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    sched.step()
    with torch.no_grad():
        out = net(xv)
        dev = 2 * (torch.xlogy(yv, yv) - yv * out - yv + out.exp()).mean()
    if epoch % 3 == 1:
        print(f"epoch {epoch:2d} summed nll {total:10.1f} valid {nll(out, yv).item():9.1f} deviance {dev:.3f} "
              f"mean error {(out.exp() - yv).abs().mean():.2f} of {yv.mean():.1f} bikes")
