"""Fit a sum of two tones (amplitude, phase, frequency) to a tide-like record by gradient descent."""
import math
import numpy as np
import torch

torch.manual_seed(1)
rng = np.random.default_rng(1)
n, dt = 600, 0.1
t = torch.arange(n) * dt
record = 1.3 * torch.sin(2 * math.pi * 1.37 * t + 0.4) + 0.7 * torch.cos(2 * math.pi * 2.21 * t - 1.0)
record += 0.1 * torch.from_numpy(rng.normal(size=n)).float()

spectrum = torch.fft.rfft(record).abs()
peaks = torch.tensor([i for i in range(1, len(spectrum) - 1)
                      if spectrum[i] > spectrum[i - 1] and spectrum[i] > spectrum[i + 1]])
peaks = peaks[spectrum[peaks].argsort(descending=True)[:2]]

guess = torch.tensor([0.5, 3.5])  # cure: guess = peaks / (n * dt)
freq = torch.nn.Parameter(guess)
coef = torch.nn.Parameter(0.1 * torch.randn(2, 2))


def model(times):
    angle = 2 * math.pi * freq[:, None] * times
    return (coef[:, :1] * torch.sin(angle) + coef[:, 1:] * torch.cos(angle)).sum(0)


optimizer = torch.optim.Adam([{"params": [coef], "lr": 0.01}, {"params": [freq], "lr": 0.001}])
print(f"variance of the record {record.var().item():.4f}")
for it in range(1, 3001):
    residual = model(t) - record
    loss = residual.square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 250 == 0:
        print(f"{it:5d}  mse {loss.item():.4f}  frequencies {[round(f, 3) for f in freq.tolist()]}")
