"""Mixture density network for an inverse problem with several answers per input, with gradients gathered over two batches."""
import math
import torch
from torch import nn


class MDN(nn.Module):
    def __init__(self, components=5, width=48):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())
        self.pi, self.mu, self.logsig = (nn.Linear(width, components) for _ in range(3))
        with torch.no_grad():
            self.mu.bias.copy_(torch.linspace(-1.5, 1.5, components))

    def nll(self, x, y):
        h = self.body(x)
        logsig = self.logsig(h).clamp(-4, 2)
        z = (y - self.mu(h)) / logsig.exp()
        logp = self.pi(h).log_softmax(1) - 0.5 * z ** 2 - logsig - 0.5 * math.log(2 * math.pi)
        return -torch.logsumexp(logp, 1).mean()


def inverse_sine(n):
    y = torch.rand(n, 1) * 2 - 1
    x = y + 0.45 * torch.sin(2 * math.pi * y) + 0.03 * torch.randn(n, 1)
    return x / 0.7, y / 0.58


torch.manual_seed(65)
(x, y), (xt, yt) = inverse_sine(4000), inverse_sine(1000)
model = MDN()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(1, 31):
    total = 0.0
    opt.zero_grad()
    for k, idx in enumerate(torch.randperm(4000).split(50), 1):
        loss = model.nll(x[idx], y[idx])
        (loss / 2).backward()
        total += loss.item() / 80
        if k % 2 == 0:
            opt.step()
            opt.zero_grad()
    if epoch % 3 == 0:
        with torch.no_grad():
            print(f"epoch {epoch} nll {total:+.4f} test nll {model.nll(xt, yt).item():+.4f}")
