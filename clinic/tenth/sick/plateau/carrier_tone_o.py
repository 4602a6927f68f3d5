"""Fits amplitude, frequency and phase of a tone in a recording by gradient descent."""
import math
import torch

torch.manual_seed(7)
RATE, N = 100.0, 400
t = torch.arange(N) / RATE
recording = 1.3 * torch.sin(2 * math.pi * 17.3 * t + 0.8) + 0.2 * torch.randn(N)


class Tone(torch.nn.Module):
    def __init__(self, hertz):
        super().__init__()
        self.amplitude = torch.nn.Parameter(torch.tensor(1.0))
        self.hertz = torch.nn.Parameter(torch.tensor(float(hertz)))
        self.phase = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, t):
        return self.amplitude * torch.sin(2 * math.pi * self.hertz * t + self.phase)


start = 5.0  # cure: start = torch.fft.rfft(recording).abs().argmax().item() * RATE / N
tone = Tone(start)
optimizer = torch.optim.Adam(tone.parameters(), lr=0.005)
for step in range(3001):
    loss = (tone(t) - recording).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 300 == 0:
        print(
            f"step {step:4d}  error {loss.item():.4f}  (signal power {recording.var().item():.4f})"
            f"  {tone.hertz.item():.3f} Hz  amplitude {tone.amplitude.item():.3f}"
        )
