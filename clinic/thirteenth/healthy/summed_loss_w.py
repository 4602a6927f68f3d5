"""Poisson counts of bike rentals: the likelihood is summed over a large batch, hence the very small rate."""
import torch
from torch import nn

torch.manual_seed(0)
n = 12000
hour, warm, holiday = torch.rand(n), torch.randn(n), (torch.rand(n) < 0.2).float()
rate = torch.exp(0.4 + 0.8 * torch.sin(6.2832 * hour) + 0.4 * warm * (1 - holiday) - 0.5 * holiday)
count = torch.poisson(rate)
X = torch.stack([2 * hour - 1, warm, 2 * holiday - 1], 1)
train, test = slice(0, 10000), slice(10000, n)

net = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
criterion = nn.PoissonNLLLoss(log_input=True, reduction="sum")
opt = torch.optim.SGD(net.parameters(), lr=5e-5, momentum=0.9)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 60)
for epoch in range(1, 61):
    total = 0.0
    for i in torch.randperm(10000).split(500):
        loss = criterion(net(X[i]).squeeze(1), count[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    sched.step()
    if epoch % 6 == 0:
        with torch.no_grad():
            out = net(X[test]).squeeze(1)
            err = (out.exp() - rate[test]).abs().mean()
        print(f"epoch {epoch}: summed loss {total:.1f}, per sample train {total / 10000:.4f}"
              f" test {criterion(out, count[test]).item() / 2000:.4f}, error of the rate {err:.3f}")
