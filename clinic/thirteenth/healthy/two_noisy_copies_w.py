"""Noise2Noise: a denoiser for signals that sees only pairs of noisy recordings; the loss cannot fall below the noise (0.25)."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

SIGMA = 0.5


def clean(n, length=64):
    t = torch.linspace(0, 1, length)
    freq = 1 + 3 * torch.rand(n, 2, 1)
    phase = 2 * math.pi * torch.rand(n, 2, 1)
    s = torch.sin(2 * math.pi * freq * t + phase).sum(1, keepdim=True)
    return s / s.std()


class Denoiser(nn.Module):
    def __init__(self, ch=16):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv1d(1, ch, 9, padding=4, padding_mode="reflect"), nn.GELU(),
            nn.Conv1d(ch, ch, 9, padding=4, padding_mode="reflect"), nn.GELU(),
            nn.Conv1d(ch, 1, 9, padding=4, padding_mode="reflect"),
        )

    def forward(self, x):
        return self.net(x)


def main():
    torch.manual_seed(0)
    signal = clean(3000)
    first, second = (signal + SIGMA * torch.randn_like(signal) for _ in range(2))
    test = clean(300)
    noisy = test + SIGMA * torch.randn_like(test)
    model = Denoiser()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    print(f"error of the noisy test signals {F.mse_loss(noisy, test):.4f}")
    for epoch in range(1, 13):
        total = 0.0
        for a, b in DataLoader(TensorDataset(first, second), batch_size=50, shuffle=True):
            loss = F.mse_loss(model(a), b)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / 60
        with torch.no_grad():
            err = F.mse_loss(model(noisy), test)
        print(f"epoch {epoch}: loss {total:.4f}, error against the clean test signals {err:.4f}")


main()
