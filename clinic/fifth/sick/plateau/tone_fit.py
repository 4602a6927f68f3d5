"""Estimate frequency, amplitude and phase of a tone in noise by fitting a sinusoid to the waveform."""
import math
import torch
from torch import nn


class Tone(nn.Module):
    def __init__(self, f0):
        super().__init__()
        self.freq = nn.Parameter(torch.tensor(float(f0)))
        self.a = nn.Parameter(torch.tensor(0.5))
        self.b = nn.Parameter(torch.tensor(0.5))

    def forward(self, t):
        arg = 2 * math.pi * self.freq * t
        return self.a * torch.sin(arg) + self.b * torch.cos(arg)


torch.manual_seed(0)
true_freq = 31.4
t = torch.rand(4000).sort().values
wave = 1.2 * torch.sin(2 * math.pi * true_freq * t + 0.7) + 0.2 * torch.randn(len(t))

start = 5.0  # cure: start = max(range(1, 60), key=lambda f: (wave * torch.exp(-2j * math.pi * f * t)).sum().abs().item())
model = Tone(start)
opt = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(1, 1201):
    idx = torch.randint(0, len(t), (512,))
    loss = ((model(t[idx]) - wave[idx]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f"step {step:4d} mse {loss.item():.4f} frequency {model.freq.item():.3f} "
              f"amplitude {math.hypot(model.a.item(), model.b.item()):.3f}")
