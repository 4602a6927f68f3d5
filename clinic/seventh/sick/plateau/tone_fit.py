"""Estimate frequencies, amplitudes and phases of a bank of recorded tones by gradient descent on the waveform error."""
import math
import numpy as np
import torch

SR, DUR, TONES = 400, 1.0, 12


class ToneBank(torch.nn.Module):
    def __init__(self, freq):
        super().__init__()
        self.freq = torch.nn.Parameter(freq.clone())
        self.cos = torch.nn.Parameter(0.5 * torch.ones(len(freq)))
        self.sin = torch.nn.Parameter(0.5 * torch.ones(len(freq)))

    def forward(self, t):
        arg = 2 * math.pi * self.freq[:, None] * t
        return self.cos[:, None] * torch.cos(arg) + self.sin[:, None] * torch.sin(arg)


def record(rng):
    t = torch.arange(int(SR * DUR)) / SR
    f = torch.tensor(rng.uniform(12, 60, TONES), dtype=torch.float32)
    a = torch.tensor(rng.uniform(0.7, 1.3, TONES), dtype=torch.float32)
    ph = torch.tensor(rng.uniform(0, 2 * math.pi, TONES), dtype=torch.float32)
    y = a[:, None] * torch.sin(2 * math.pi * f[:, None] * t + ph[:, None])
    return t, y + 0.05 * torch.tensor(rng.normal(size=y.shape), dtype=torch.float32), f


def starting_frequency(y):
    spectrum = torch.fft.rfft(y - y.mean(1, keepdim=True)).abs()
    peak = spectrum.argmax(1).float()
    return peak / len(y)  # cure: return peak / DUR


def main():
    rng = np.random.default_rng(13)
    t, y, f_true = record(rng)
    bank = ToneBank(starting_frequency(y))
    opt = torch.optim.Adam(bank.parameters(), lr=0.01)
    for it in range(1, 1001):
        loss = ((bank(t) - y) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        if it % 100 == 0:
            err = (bank.freq.detach() - f_true).abs().mean().item()
            print(f"iteration {it}: waveform mse {loss.item():.4f}, mean frequency error {err:.3f} Hz")


main()
