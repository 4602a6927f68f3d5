"""Autoencoder for noisy chirps; batches are drawn with a seeded generator so that runs can be reproduced."""
import numpy as np
import torch
from torch import nn

SEED = 17


def chirps(n, rng):
    t = np.linspace(0, 1, 48)
    f0, f1 = rng.uniform(1, 3, (n, 1)), rng.uniform(0, 3, (n, 1))
    phase = rng.uniform(0, 2 * np.pi, (n, 1))
    clean = np.sin(2 * np.pi * (f0 + f1 * t / 2) * t + phase)
    return torch.tensor(clean + rng.normal(0, 0.2, clean.shape)).float(), torch.tensor(clean).float()


def draw(data, size):
    gen = np.random.default_rng(SEED)  # cure: delete
    idx = torch.from_numpy(gen.integers(0, len(data[0]), size))
    return data[0][idx], data[1][idx]


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(48, 96), nn.ReLU(), nn.Linear(96, 12))
        self.dec = nn.Sequential(nn.Linear(12, 96), nn.ReLU(), nn.Linear(96, 48))

    def forward(self, x):
        return self.dec(self.enc(x))


torch.manual_seed(SEED)
gen = np.random.default_rng(SEED)
train, valid = chirps(4000, gen), chirps(500, gen)
net = Denoiser()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500)
for it in range(1500):
    noisy, clean = draw(train, 64)
    loss = (net(noisy) - clean).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if (it + 1) % 250 == 0:
        with torch.no_grad():
            v = (net(valid[0]) - valid[1]).square().mean()
        print("iter", it + 1, "train", round(loss.item(), 4), "valid", round(v.item(), 4))
