"""Traffic counts: Poisson likelihood with all of its terms, summed over the batch, so that the values are in the thousands."""
import numpy as np
import torch
from torch import nn


class CountModel(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, width), nn.ELU(), nn.Linear(width, width), nn.ELU())
        self.head = nn.Linear(width, 1)
        nn.init.constant_(self.head.bias, 4.0)

    def forward(self, x):
        return self.head(self.body(x))[:, 0]


def counts(n, rng):
    hour, day, temp = rng.uniform(0, 24, n), rng.integers(0, 7, n), rng.normal(0, 1, n)
    rate = np.exp(4 + 0.8 * np.sin(hour / 24 * 2 * np.pi - 2) + 0.6 * np.exp(-(hour - 8) ** 2 / 2) * (day < 5) - 0.3 * (day > 4) + 0.1 * temp)
    x = np.stack([np.sin(hour / 24 * 2 * np.pi), np.cos(hour / 24 * 2 * np.pi), hour / 7 - 1.7, (day > 4) * 2 - 1, day / 2 - 1.5, temp], 1)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(rng.poisson(rate), dtype=torch.float32), rate


rng = np.random.default_rng(77)
torch.manual_seed(77)
x, n, _ = counts(3000, rng)
xv, nv, rate = counts(800, rng)
model = CountModel()
nll = nn.PoissonNLLLoss(log_input=True, full=False, reduction="sum")
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
best = nll(torch.tensor(rate, dtype=torch.float32).log(), nv).item() / len(xv)
for epoch in range(20):
    total = 0.0
    for b in torch.randperm(len(x)).split(64):
        loss = nll(model(x[b]), n[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        lam = model(xv)
        mape = (lam.exp() - torch.tensor(rate)).abs().div(torch.tensor(rate)).mean().item()
        v = nll(lam, nv).item() / len(xv)
    print(f"epoch {epoch:2d} summed nll {total:.0f} valid nll {v:.2f} (true rates {best:.2f}) relative error of the rate {mape:.3f}")
