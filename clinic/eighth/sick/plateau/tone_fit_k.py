"""Fit amplitude, frequency and phase of a tone in a noisy recording by gradient descent."""
import math
import torch
from torch import nn

torch.manual_seed(0)
t = torch.linspace(0, 1, 1024)
truth = dict(amp=1.3, freq=37.4, phase=0.8)
rec = truth["amp"] * torch.sin(2 * math.pi * truth["freq"] * t + truth["phase"]) + 0.1 * torch.randn(1024)


class Tone(nn.Module):
    def __init__(self, freq):
        super().__init__()
        self.amp = nn.Parameter(torch.tensor(1.0))
        self.freq = nn.Parameter(torch.tensor(float(freq)))
        self.phase = nn.Parameter(torch.tensor(0.0))

    def forward(self, t):
        return self.amp * torch.sin(2 * math.pi * self.freq * t + self.phase)


peak = torch.fft.rfft(rec).abs()[1:].argmax() + 1
tone = Tone(freq=10.0)  # cure: tone = Tone(freq=peak)
opt = torch.optim.Adam(tone.parameters(), lr=0.02)
for it in range(1, 2001):
    idx = torch.randint(0, 1024, (256,))
    loss = ((tone(t[idx]) - rec[idx]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 200 == 0:
        print(f"{it}: mse {loss.item():.4f} amp {tone.amp.item():.3f} freq {tone.freq.item():.3f} phase {tone.phase.item():.3f}")
