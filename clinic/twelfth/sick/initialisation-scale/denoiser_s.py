"""Denoise short one-dimensional signals with a stack of convolutions."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(12)


class Denoiser(nn.Module):
    def __init__(self, channels=24, layers=5, kernel=5):
        super().__init__()
        sizes = [1] + [channels] * (layers - 1) + [1]
        self.kernels = nn.ParameterList()
        self.biases = nn.ParameterList()
        for a, b in zip(sizes[:-1], sizes[1:]):
            std = math.sqrt(2.0 / kernel)  # cure: std = math.sqrt(2.0 / (a * kernel))
            self.kernels.append(nn.Parameter(torch.randn(b, a, kernel) * std))
            self.biases.append(nn.Parameter(torch.zeros(b)))

    def forward(self, x):
        last = len(self.kernels) - 1
        for k, (w, b) in enumerate(zip(self.kernels, self.biases)):
            x = F.conv1d(x, w, b, padding=w.size(-1) // 2)
            if k < last:
                x = F.relu(x)
        return x


def signals(n, length=64):
    t = torch.linspace(0, 1, length)
    freq = torch.rand(n, 1) * 4 + 1
    phase = torch.rand(n, 1) * 2 * math.pi
    clean = torch.sin(2 * math.pi * freq * t + phase)
    clean = torch.where(torch.rand(n, 1) < 0.5, clean, clean.sign())
    return (clean + 0.5 * torch.randn_like(clean)).unsqueeze(1), clean.unsqueeze(1)


noisy_test, clean_test = signals(200)
print(f"mse of the noisy signals {F.mse_loss(noisy_test, clean_test).item():.4f}")
model = Denoiser()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(1, 301):
    noisy, clean = signals(32)
    loss = F.mse_loss(model(noisy), clean)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 30 == 0:
        with torch.no_grad():
            test = F.mse_loss(model(noisy_test), clean_test).item()
        print(f"step {step:4d}: train {loss.item():.4f}, test {test:.4f}")
