"""Classify variable stars by their folded light curve; every step draws a random batch from the catalogue."""
import numpy as np
import torch
from torch import nn


def catalogue(n, seed):
    r = np.random.default_rng(seed)
    ph = np.linspace(0, 1, 40, endpoint=False)
    k = r.integers(0, 4, n)
    s = ph + r.uniform(0, 1, (n, 1))
    base = np.stack([np.sin(2 * np.pi * s), 2 * (s % 1) - 1,
                     -2.2 * np.exp(-(((s % 1) - 0.5) / 0.09) ** 2) + 0.4,
                     -1.6 * np.exp(-(((2 * s % 1) - 0.5) / 0.18) ** 2) + 0.5], 0)[k, np.arange(n)]
    x = base * r.uniform(0.7, 1.3, (n, 1)) + 0.65 * r.normal(size=(n, 40))
    return torch.tensor(x / 0.8, dtype=torch.float32), torch.tensor(k)


class Sampler:
    def __init__(self, x, y, size, seed):
        self.x, self.y, self.size, self.seed = x, y, size, seed

    def draw(self, step):
        gen = torch.Generator().manual_seed(self.seed)  # cure: gen = torch.Generator().manual_seed(self.seed + step)
        idx = torch.randint(0, len(self.x), (self.size,), generator=gen)
        return self.x[idx], self.y[idx]


torch.manual_seed(33)
x, y = catalogue(4000, 1)
xt, yt = catalogue(1000, 2)
sampler = Sampler(x, y, 40, 1234)
net = nn.Sequential(nn.Unflatten(1, (1, 40)), nn.Conv1d(1, 16, 7, padding=3, padding_mode="circular"), nn.ReLU(),
                    nn.Conv1d(16, 32, 7, padding=3, stride=2, padding_mode="circular"), nn.ReLU(),
                    nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(32, 4))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
avg = None
for step in range(1, 601):
    xb, yb = sampler.draw(step)
    loss = nn.functional.cross_entropy(net(xb), yb)
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = loss.item() if avg is None else 0.95 * avg + 0.05 * loss.item()
    if step % 75 == 0:
        with torch.no_grad():
            z = net(xt)
        print(f"step {step}: loss {avg:.4f} test loss {nn.functional.cross_entropy(z, yt):.4f} test acc {(z.argmax(1) == yt).float().mean():.3f}")
