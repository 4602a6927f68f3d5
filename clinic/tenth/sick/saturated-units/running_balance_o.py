"""LSTM forecaster: the next value of a sum of two drifting oscillations, from the last 40 readings."""
import math
import torch
from torch import nn


def series(n, length, gen):
    t = torch.arange(length + 1).float()
    f1 = 0.05 + 0.05 * torch.rand(n, 1, generator=gen)
    f2 = 0.12 + 0.08 * torch.rand(n, 1, generator=gen)
    p = 2 * math.pi * torch.rand(n, 2, generator=gen)
    s = torch.sin(2 * math.pi * f1 * t + p[:, :1]) + 0.7 * torch.sin(2 * math.pi * f2 * t + p[:, 1:])
    return s[:, :-1, None], s[:, 1:, None]


class Forecaster(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)
        self.remember(30.0)  # cure: delete

    def remember(self, value):
        """Start with the gates open, so that the cell keeps what it has seen."""
        with torch.no_grad():
            self.lstm.bias_ih_l0.fill_(value)
            self.lstm.bias_hh_l0.zero_()

    def forward(self, x):
        h, _ = self.lstm(x)
        return self.out(h)


torch.manual_seed(40)
gen = torch.Generator().manual_seed(40)
xs, ys = series(600, 40, gen)
xv, yv = series(150, 40, gen)
model = Forecaster()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
crit = nn.MSELoss()
for epoch in range(8):
    tot = 0.0
    for b in torch.randperm(600).split(20):
        opt.zero_grad()
        l = crit(model(xs[b])[:, 10:], ys[b][:, 10:])
        l.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        tot += l.item()
    with torch.no_grad():
        v = crit(model(xv)[:, 10:], yv[:, 10:]).item()
    print(f"epoch {epoch + 1}  train {tot / 30:.4f}  valid {v:.4f}  (variance {yv.var().item():.3f})")
