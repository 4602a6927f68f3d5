"""Poisson regression of call counts per hour (hundreds per cell), summed deviance as the loss."""
import math
import torch
from torch import nn

torch.manual_seed(14)
n = 6000
hour, day, temp = torch.rand(n) * 24, torch.randint(0, 7, (n,)), torch.randn(n)
log_rate = 5 + torch.sin(2 * math.pi * hour / 24) + 0.4 * (day >= 5) - 0.3 * temp * torch.cos(2 * math.pi * hour / 24)
calls = torch.poisson(log_rate.exp())
X = torch.stack([torch.sin(2 * math.pi * hour / 24), torch.cos(2 * math.pi * hour / 24), temp], 1)
X = torch.cat([X, nn.functional.one_hot(day, 7).float()], 1)
train, test = slice(0, 5000), slice(5000, n)

model = nn.Sequential(nn.Linear(10, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
nn.init.constant_(model[-1].bias, calls[train].mean().log().item())
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)


def deviance(eta, k):
    k_log = torch.where(k > 0, k * k.clamp(min=1).log(), torch.zeros_like(k))
    return 2 * (k_log - k * eta - k + eta.exp()).sum()


for epoch in range(20):
    order, total = torch.randperm(5000), 0.0
    for b in order.split(100):
        optimizer.zero_grad()
        loss = deviance(model(X[b]).squeeze(1), calls[b])
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 2 == 1:
        with torch.no_grad():
            eta = model(X[test]).squeeze(1)
        print(f"epoch {epoch + 1:2d} summed deviance {total:12.1f}  test deviance per cell {deviance(eta, calls[test]) / 1000:.3f} "
              f"mean relative error {((eta.exp() - log_rate[test].exp()).abs() / log_rate[test].exp()).mean():.3f}")
