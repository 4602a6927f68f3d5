"""Estimates frequency, amplitude and phase of a tone in a noisy recording by gradient descent on the waveform error."""
import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(3)
torch.manual_seed(3)
RATE, SECONDS = 400, 2.0
t = torch.arange(int(RATE * SECONDS)) / RATE
signal = 1.3 * torch.sin(2 * torch.pi * 23.7 * t + 0.6) + 0.2 * torch.tensor(rng.standard_normal(len(t))).float()


def spectral_peak(s):
    mag = torch.fft.rfft(s * torch.hann_window(len(s))).abs()
    return mag[1:].argmax().item() + 1


class Tone(nn.Module):
    def __init__(self, s):
        super().__init__()
        f0 = spectral_peak(s) / RATE  # cure: f0 = spectral_peak(s) * RATE / len(s)
        self.freq = nn.Parameter(torch.tensor(float(f0)))
        self.sin = nn.Parameter(torch.tensor(0.5))
        self.cos = nn.Parameter(torch.tensor(0.5))

    def forward(self, t):
        arg = 2 * torch.pi * self.freq * t
        return self.sin * torch.sin(arg) + self.cos * torch.cos(arg)


tone = Tone(signal)
optimizer = torch.optim.Adam([{"params": [tone.freq], "lr": 2e-3}, {"params": [tone.sin, tone.cos], "lr": 2e-2}])
power = signal.pow(2).mean()
for it in range(1, 1501):
    loss = (tone(t) - signal).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 150 == 0:
        amp = torch.hypot(tone.sin, tone.cos)
        print(f"iter {it:5d}  mse {loss.item():.4f}  explained {1 - loss.item() / power:.3f}  "
              f"frequency {tone.freq.item():.3f} Hz  amplitude {amp.item():.3f}")
