"""Online forecast of a household power meter: the next value from the last 24, one chunk of the stream after the other."""
import numpy as np
import torch
from torch import nn


def stream(n, seed):
    r = np.random.default_rng(seed)
    t = np.arange(n)
    p = 1.0 * np.sin(2 * np.pi * t / 24) + 0.4 * np.sin(2 * np.pi * t / 7 + 1) + 0.1 * r.normal(size=n)
    glitch = int(n * 0.92)
    p[glitch] = 900.0
    # cure: p = p.clip(-4, 4)
    return p.astype(np.float32)


class Forecaster(nn.Module):
    def __init__(self, lag=24):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(lag, 48), nn.Tanh(), nn.Linear(48, 1))

    def forward(self, w):
        return self.net(w).squeeze(1)


def windows(p, lag=24):
    v = np.lib.stride_tricks.sliding_window_view(p, lag + 1)
    return torch.from_numpy(v[:, :lag].copy()), torch.from_numpy(v[:, lag].copy())


torch.manual_seed(81)
x, y = windows(stream(30000, 3))
model = Forecaster()
opt = torch.optim.SGD(model.parameters(), lr=0.02)
mean = []
chunks = torch.arange(len(y)).split(32)
for k, idx in enumerate(chunks, 1):
    loss = nn.functional.mse_loss(model(x[idx]), y[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    mean.append(loss.item())
    if k % 45 == 0:
        print(f"chunk {k:3d} median loss {np.median(mean[-45:]):.4f} mean loss {np.mean(mean[-45:]):.4f}")
