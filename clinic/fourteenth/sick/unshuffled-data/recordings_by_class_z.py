"""Recognise five kinds of machine noise (spectra) that lie in one array per kind, with a small network."""
import numpy as np
import torch
import torch.nn as nn

KINDS = ["fan", "pump", "valve", "gear", "belt"]


def record(kind, n, rng):
    """n spectra of 40 bands from one kind of machine."""
    bands = np.arange(40)
    centre = 8 + 6 * KINDS.index(kind)
    peak = np.exp(-((bands - centre - rng.normal(0, 1.2, (n, 1))) / 3) ** 2)
    return (peak + rng.normal(0, 0.25, (n, 40))).astype(np.float32)


def load(n_each, seed):
    rng = np.random.default_rng(seed)
    x = np.concatenate([record(k, n_each, rng) for k in KINDS])
    y = np.repeat(np.arange(len(KINDS)), n_each)
    return torch.from_numpy(x), torch.from_numpy(y)


class Trainer:
    def __init__(self):
        torch.manual_seed(0)
        self.x, self.y = load(500, 0)
        self.mean, self.std = self.x.mean(), self.x.std()
        self.test_x, self.test_y = load(100, 1)
        self.net = nn.Sequential(nn.Linear(40, 32), nn.ReLU(), nn.Linear(32, 5))
        self.opt = torch.optim.SGD(self.net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-3)
        self.batch = 30

    def logits(self, x):
        return self.net((x - self.mean) / self.std)

    def epoch(self):
        order = torch.arange(len(self.x))  # cure: order = torch.randperm(len(self.x))
        total = 0.0
        for start in range(0, len(order), self.batch):
            idx = order[start:start + self.batch]
            loss = nn.functional.cross_entropy(self.logits(self.x[idx]), self.y[idx])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        return total / len(order)

    def accuracy(self):
        with torch.no_grad():
            return (self.logits(self.test_x).argmax(1) == self.test_y).float().mean().item()


trainer = Trainer()
for e in range(15):
    train_loss = trainer.epoch()
    print(f"{e:2d} loss {train_loss:.4f} test accuracy {trainer.accuracy():.3f}")
