"""Estimate frequency, amplitude and phase of tones in noise by fitting a parametric model to each record."""
import math

import numpy as np
import torch


class ToneBank(torch.nn.Module):
    """One sinusoid per record; frequencies in cycles per record."""

    def __init__(self, signals):
        super().__init__()
        n = signals.shape[0]
        start = torch.full((n,), 4.0)  # cure: start = torch.fft.rfft(signals).abs()[:, 1:].argmax(1) + 1.0
        self.freq = torch.nn.Parameter(start)
        self.cos = torch.nn.Parameter(torch.ones(n) * 0.5)
        self.sin = torch.nn.Parameter(torch.ones(n) * 0.5)

    def forward(self, t):
        arg = 2 * math.pi * self.freq[:, None] * t[None, :]
        return self.cos[:, None] * torch.cos(arg) + self.sin[:, None] * torch.sin(arg)


def make_records(n=64, length=128, seed=8):
    rng = np.random.default_rng(seed)
    t = np.arange(length) / length
    freq, phase = rng.uniform(8, 40, n), rng.uniform(0, 2 * math.pi, n)
    amp = rng.uniform(0.8, 1.2, n)
    x = amp[:, None] * np.sin(2 * math.pi * freq[:, None] * t + phase[:, None]) + 0.1 * rng.normal(size=(n, length))
    return torch.tensor(t, dtype=torch.float32), torch.tensor(x, dtype=torch.float32), torch.tensor(freq)


def run():
    torch.manual_seed(8)
    t, x, freq = make_records()
    bank = ToneBank(x)
    optimizer = torch.optim.Adam(bank.parameters(), lr=0.02)
    for step in range(1, 1501):
        optimizer.zero_grad()
        residual = bank(t) - x
        loss = residual.pow(2).mean()
        loss.backward()
        optimizer.step()
        if step % 100 == 0:
            hit = ((bank.freq.detach() - freq).abs() < 0.25).float().mean().item()
            print(f"step {step:4d}  residual power {loss.item():.4f}  tones found {hit:.2f}")


if __name__ == "__main__":
    run()
