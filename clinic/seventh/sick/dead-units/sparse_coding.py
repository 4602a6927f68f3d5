"""Sparse coding of speech-like waveforms: thresholded encoder, linear dictionary, L2 reconstruction."""
from dataclasses import dataclass
import math
import torch
from torch import nn
import torch.nn.functional as F


@dataclass
class Cfg:
    atoms: int = 96
    window: int = 40
    theta: float = 2.5  # cure: theta: float = 0.1
    lr: float = 3e-3
    epochs: int = 25
    batch: int = 64


class SparseCoder(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.analysis = nn.Linear(cfg.window, cfg.atoms)
        self.synthesis = nn.Linear(cfg.atoms, cfg.window)
        self.theta = cfg.theta

    def encode(self, x):
        return F.relu(self.analysis(x) - self.theta)

    def forward(self, x):
        code = self.encode(x)
        return self.synthesis(code), code


def waveforms(n, window):
    t = torch.arange(window) / window
    f = torch.randint(1, 6, (n, 2)).float()
    ph = 2 * math.pi * torch.rand(n, 2)
    a = torch.rand(n, 2) + 0.3
    x = (a[:, :, None] * torch.sin(2 * math.pi * f[:, :, None] * t + ph[:, :, None])).sum(1)
    return x / x.std() + 0.05 * torch.randn(n, window)


def run(cfg):
    torch.manual_seed(30)
    train, valid = waveforms(3000, cfg.window), waveforms(500, cfg.window)
    model = SparseCoder(cfg)
    opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    for epoch in range(1, cfg.epochs + 1):
        model.train()
        for idx in torch.randperm(len(train)).split(cfg.batch):
            rec, _ = model(train[idx])
            loss = F.mse_loss(rec, train[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 5 == 0 or epoch == 1:
            model.eval()
            with torch.no_grad():
                rec, _ = model(valid)
                print(f"epoch {epoch}: train {loss.item():.4f} valid {F.mse_loss(rec, valid).item():.4f}")


if __name__ == "__main__":
    run(Cfg())
