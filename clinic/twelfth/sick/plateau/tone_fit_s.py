"""Recover amplitude, frequency and phase of two tones in a noisy recording by gradient descent."""
import math

import torch

torch.manual_seed(1)
RATE, SECONDS = 200, 2.0
t = torch.arange(int(RATE * SECONDS)) / RATE


class Tones(torch.nn.Module):
    def __init__(self, frequencies):
        super().__init__()
        n = len(frequencies)
        self.freq = torch.nn.Parameter(torch.as_tensor(frequencies, dtype=torch.float32))
        self.amp = torch.nn.Parameter(torch.full((n,), 0.5))
        self.phase = torch.nn.Parameter(torch.zeros(n))

    def forward(self, t):
        angle = 2 * math.pi * self.freq[:, None] * t + self.phase[:, None]
        return (self.amp[:, None] * torch.sin(angle)).sum(0)


def record():
    clean = 1.0 * torch.sin(2 * math.pi * 31.1 * t + 0.4) + 0.7 * torch.sin(2 * math.pi * 47.9 * t - 1.0)
    return clean, clean + 0.1 * torch.randn_like(t)


clean, noisy = record()
spectrum = torch.fft.rfft(noisy).abs()
peaks = spectrum.topk(2).indices
guess = peaks / len(t)  # cure: guess = peaks / SECONDS
model = Tones(guess)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
print(f"power of the recording {noisy.pow(2).mean().item():.4f}")
for step in range(1, 3001):
    loss = (model(t) - noisy).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 250 == 0:
        with torch.no_grad():
            err = (model(t) - clean).pow(2).mean().item()
        f = ", ".join(f"{v:.2f}" for v in model.freq.tolist())
        print(f"step {step}: misfit {loss.item():.4f}, distance to the clean signal {err:.4f}, frequencies {f}")
