"""Denoising autoencoder for daily temperature profiles of a chiller (48 half-hour readings)."""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn as nn


@dataclass
class TrainConfig:
    n_days: int = 2400
    code: int = 6
    epochs: int = 36
    batch_size: int = 64
    lr: float = 0.003
    drop_every: int = 18
    noise: float = 0.3


def profiles(n, rng):
    t = np.linspace(0, 2 * np.pi, 48)
    amp, phase = rng.uniform(0.5, 1.5, (n, 1)), rng.normal(0, 0.4, (n, 1))
    start, length = rng.uniform(0.5, 3, (n, 1)), rng.uniform(1, 3, (n, 1))
    load = 1 / (1 + np.exp(-6 * (t - start))) - 1 / (1 + np.exp(-6 * (t - start - length)))
    return amp * np.sin(t + phase) + 1.2 * load


class Autoencoder(nn.Module):
    def __init__(self, code):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(48, 64), nn.ReLU(), nn.Linear(64, code))
        self.dec = nn.Sequential(nn.Linear(code, 64), nn.ReLU(), nn.Linear(64, 48))

    def forward(self, x):
        return self.dec(self.enc(x))


class Trainer:
    def __init__(self, cfg):
        self.cfg = cfg
        rng = np.random.default_rng(1)
        data = profiles(cfg.n_days, rng)
        data = (data - data.mean()) / data.std()
        self.data = torch.tensor(data, dtype=torch.float32)
        self.split = int(0.8 * cfg.n_days)
        self.model = Autoencoder(cfg.code)
        self.opt = torch.optim.Adam(self.model.parameters(), lr=cfg.lr)
        self.sched = torch.optim.lr_scheduler.LambdaLR(self.opt, self.decay)

    def decay(self, epoch):
        return 100.0 ** (epoch // self.cfg.drop_every)  # cure: return 100.0 ** -(epoch // self.cfg.drop_every)

    def run_epoch(self):
        total = 0.0
        for idx in torch.randperm(self.split).split(self.cfg.batch_size):
            clean = self.data[idx]
            out = self.model(clean + self.cfg.noise * torch.randn_like(clean))
            loss = nn.functional.mse_loss(out, clean)
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        self.sched.step()
        return total / self.split

    @torch.no_grad()
    def validate(self):
        clean = self.data[self.split:]
        return nn.functional.mse_loss(self.model(clean), clean).item()

    def fit(self):
        for epoch in range(self.cfg.epochs):
            train = self.run_epoch()
            if epoch % 2 == 0:
                print(f"epoch {epoch:2d} train {train:.4f} valid {self.validate():.4f}")


torch.manual_seed(1)
Trainer(TrainConfig()).fit()
