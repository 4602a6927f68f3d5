"""Estimate amplitude, frequency and phase of a tone in noise by gradient descent on the squared error."""
import numpy as np
import torch

rng = np.random.default_rng(7)
torch.manual_seed(7)
fs, seconds = 200, 5.0
t = torch.arange(0, seconds, 1 / fs)
true_hz = 13.37
y = 1.8 * torch.sin(2 * np.pi * true_hz * t + 0.7) + 0.4 * torch.tensor(rng.normal(size=len(t)), dtype=torch.float32)

spectrum = torch.fft.rfft(y).abs()
peak_hz = spectrum.argmax().item() / seconds
start_hz = 5.0  # cure: start_hz = peak_hz

amp = torch.tensor(1.0, requires_grad=True)
phase = torch.tensor(0.0, requires_grad=True)
hz = torch.tensor(start_hz, requires_grad=True)
opt = torch.optim.Adam([{"params": [amp, phase], "lr": 0.01}, {"params": [hz], "lr": 0.001}])
for step in range(1, 6001):
    pick = torch.randint(len(t), (256,))
    model = amp * torch.sin(2 * np.pi * hz * t[pick] + phase)
    loss = ((model - y[pick]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 600 == 0:
        with torch.no_grad():
            full = ((amp * torch.sin(2 * np.pi * hz * t + phase) - y) ** 2).mean().item()
        print(f"{step:5d}  error {full:.4f} (noise floor 0.16)  amplitude {amp.item():.3f}  frequency {hz.item():.4f} Hz")
