"""Regress the height of a two-bump landscape from coordinates, by a fixed number of steps."""
import itertools
import torch
from torch import nn
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset


def landscape(n, gen):
    xy = 4 * torch.rand(n, 2, generator=gen) - 2
    z = torch.exp(-((xy - 0.8) ** 2).sum(1)) - 1.3 * torch.exp(-2 * ((xy + 0.7) ** 2).sum(1)) + 0.2 * xy[:, 0]
    return xy / 1.15, ((z + 0.02) / 0.36 + 0.05 * torch.randn(n, generator=gen))[:, None]


class Batches:
    """Endless stream of mini-batches in random order."""

    def __init__(self, x, y, size):
        self.x, self.y = x, y
        self.sampler = BatchSampler(RandomSampler(x), size, drop_last=True)
        self.iter = itertools.cycle([next(iter(self.sampler))])  # cure: self.iter = itertools.cycle(list(self.sampler))

    def next(self):
        idx = next(self.iter)
        return self.x[idx], self.y[idx]


def main(steps=1500, size=40):
    torch.manual_seed(19)
    gen = torch.Generator().manual_seed(19)
    x, y = landscape(2000, gen)
    xv, yv = landscape(500, gen)
    net = nn.Sequential(nn.Linear(2, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    stream = Batches(x, y, size)
    avg = None
    for step in range(1, steps + 1):
        xb, yb = stream.next()
        loss = nn.functional.mse_loss(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        avg = loss.item() if avg is None else 0.95 * avg + 0.05 * loss.item()
        if step % 150 == 0:
            with torch.no_grad():
                v = nn.functional.mse_loss(net(xv), yv).item()
            print(f"step {step}: smoothed training loss {avg:.4f}, validation {v:.4f}")


main()
