"""Forecast the 10, 50 and 90 % quantiles of spare-part demand (three outputs against one target, pinball loss)."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

LEVELS = torch.tensor([0.1, 0.5, 0.9])


def pinball(pred, y):
    """pred has a column per quantile, y a single column."""
    diff = y - pred
    return torch.maximum(LEVELS * diff, (LEVELS - 1) * diff).mean()


def demand(n):
    x = torch.randn(n, 5)
    centre = torch.sin(1.5 * x[:, 0]) + 0.5 * x[:, 1] * (x[:, 2] > 0)
    spread = 0.15 + 0.5 * torch.sigmoid(2 * x[:, 3])
    skew = torch.distributions.Gamma(2.0, 2.0).sample((n,)) - 1
    return x, (centre + spread * skew).unsqueeze(1)


class QuantileNet(nn.Module):
    """The outer quantiles are the median minus and plus a positive distance, so that they cannot cross."""

    def __init__(self, n_in=5, hidden=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_in, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU())
        self.out = nn.Linear(hidden, 3)

    def forward(self, x):
        low, mid, high = self.out(self.body(x)).unbind(1)
        gap = nn.functional.softplus
        return torch.stack([mid - gap(low), mid, mid + gap(high)], dim=1)


torch.manual_seed(24)
train = DataLoader(TensorDataset(*demand(6000)), batch_size=64, shuffle=True)
xv, yv = demand(1500)
model = QuantileNet()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 12)
for epoch in range(12):
    total = 0.0
    for x, y in train:
        loss = pinball(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    sched.step()
    with torch.no_grad():
        q = model(xv)
        cover = ((yv > q[:, :1]) & (yv < q[:, 2:])).float().mean().item()
        print(f"epoch {epoch:2d}  pinball {total / len(train):.4f}  valid {pinball(q, yv).item():.4f}  inside 10-90 %: {cover:.3f}")
