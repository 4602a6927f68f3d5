"""Sequence-to-one regression with a GRU; every prediction is kept so that residuals can be looked at afterwards."""
from collections import defaultdict
import resource
import numpy as np
import torch
from torch import nn


class Meter(nn.Module):
    """Reads the decay rate of a noisy damped oscillation."""

    def __init__(self, hidden=48):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.read = nn.Sequential(nn.Linear(hidden, 16), nn.Tanh(), nn.Linear(16, 1))

    def forward(self, x):
        return self.read(self.gru(x)[0][:, -1]).squeeze(-1)


class Run:
    def __init__(self, n=1200, length=30, seed=30):
        torch.manual_seed(seed)
        t = torch.arange(length)[None] / 5
        rate = torch.rand(n) * 0.8 + 0.1
        wave = torch.exp(-rate[:, None] * t) * torch.cos(3 * t + 6.28 * torch.rand(n, 1))
        self.x = ((wave + 0.05 * torch.randn(n, length)) / 0.45).unsqueeze(-1)
        self.y = (rate - 0.5) / 0.23
        self.model = Meter()
        self.opt = torch.optim.Adam(self.model.parameters(), lr=4e-3)
        self.log = defaultdict(list)

    def train_epoch(self):
        for idx in torch.randperm(1000).split(40):
            pred = self.model(self.x[idx])
            loss = nn.functional.smooth_l1_loss(pred, self.y[idx])
            self.opt.zero_grad(set_to_none=True)
            loss.backward()
            self.opt.step()
            self.log["loss"].append(loss.item())
            self.log["residual"].append(pred - self.y[idx])  # cure: self.log["residual"].append(pred.detach() - self.y[idx])

    def summary(self, epoch):
        with torch.no_grad():
            err = (self.model(self.x[1000:]) - self.y[1000:]).abs().mean().item()
        spread = torch.cat(self.log["residual"][-25:]).std().item()
        mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"epoch {epoch:2d} loss {np.mean(self.log['loss'][-25:]):.4f} residual std {spread:.3f} test mae {err:.3f} rss {mb:.0f} MB")


run = Run()
for epoch in range(16):
    run.train_epoch()
    run.summary(epoch)
