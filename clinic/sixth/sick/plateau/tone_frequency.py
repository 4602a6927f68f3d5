"""Estimate frequency, amplitude and phase of a noisy tone by gradient descent on the squared error."""
import math
import torch
from torch import nn

torch.manual_seed(2)
N, RATE = 400, 100.0
t = torch.arange(N) / RATE
y = 1.3 * torch.sin(2 * math.pi * 17.3 * t + 0.8) + 0.2 * torch.randn(N)


class Tone(nn.Module):
    def __init__(self, start_hz):
        super().__init__()
        self.hz = nn.Parameter(torch.tensor(float(start_hz)))
        self.sin_amp = nn.Parameter(torch.tensor(0.5))
        self.cos_amp = nn.Parameter(torch.tensor(0.5))

    def forward(self, t):
        angle = 2 * math.pi * self.hz * t
        return self.sin_amp * torch.sin(angle) + self.cos_amp * torch.cos(angle)


start = 5.0  # cure: start = torch.fft.rfft(y).abs().argmax().item() * RATE / N
model = Tone(start)
opt = torch.optim.Adam(model.parameters(), lr=0.01)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500)
for step in range(1500):
    loss = (model(t) - y).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 150 == 149:
        amp = math.hypot(model.sin_amp.item(), model.cos_amp.item())
        print(f"step {step + 1}: mse {loss.item():.4f} (signal power {y.var().item():.3f}) frequency {model.hz.item():.3f} Hz amplitude {amp:.3f}")
