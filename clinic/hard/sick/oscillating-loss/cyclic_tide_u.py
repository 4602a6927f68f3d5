"""GRU that forecasts the next value of a noisy tide gauge, trained with a triangular cyclical rate."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def gauge(n=1500, seed=17):
    rng = np.random.default_rng(seed)
    t = np.arange(n)
    level = np.sin(2 * np.pi * t / 12.4) + 0.5 * np.sin(2 * np.pi * t / 25.8 + 1) + 0.3 * np.sin(2 * np.pi * t / 11.3)
    return ((level + 0.15 * rng.normal(size=n)) / level.std()).astype(np.float32)


def windows(series, width=16):
    w = np.lib.stride_tricks.sliding_window_view(series, width + 1)
    return torch.tensor(w[:, :-1, None].copy()), torch.tensor(w[:, -1:].copy())


class Forecaster(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.out(self.gru(x)[0][:, -1])


torch.manual_seed(17)
series = gauge()
train = DataLoader(TensorDataset(*windows(series[:1200])), batch_size=50, shuffle=True)
xv, yv = windows(series[1200:])
net = Forecaster()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.CyclicLR(
    opt,
    base_lr=1e-3,
    max_lr=0.3,  # cure: max_lr=8e-3,
    step_size_up=2 * len(train),
    cycle_momentum=False,
)
for epoch in range(1, 31):
    losses = []
    for x, y in train:
        loss = nn.functional.mse_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        losses.append(loss.item())
    with torch.no_grad():
        val = nn.functional.mse_loss(net(xv), yv).item()
    print(f"epoch {epoch:2d}  rate {sched.get_last_lr()[0]:.4f}  train {np.mean(losses):.4f}  valid {val:.4f}")
