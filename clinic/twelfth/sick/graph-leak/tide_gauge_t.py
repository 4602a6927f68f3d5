"""Online forecast of a tide gauge: a network on the last 12 levels plus a slowly varying bias estimate.
The bias is the running mean of past errors and is added to the forecast; a small penalty keeps it near zero."""
import math
import time

import torch
from torch import nn


def tide(n):
    t = torch.arange(n, dtype=torch.float32)
    level = torch.sin(2 * math.pi * t / 12.4) + 0.4 * torch.sin(2 * math.pi * t / 12.0 + 1) \
        + 0.25 * torch.sin(2 * math.pi * t / 24.8 + 2)
    return level / level.std() + 0.05 * torch.randn(n)


class Gauge(nn.Module):
    """Two-layer forecast of the next level from the last ones."""

    def __init__(self, lags=12, hidden=24):
        super().__init__()
        self.first = nn.Linear(lags, hidden)
        self.second = nn.Linear(hidden, 1)

    def forward(self, x):
        h = torch.tanh(self.first(x))
        return (h * self.second.weight.clone()).sum(1) + self.second.bias


class RunningBias:
    def __init__(self, decay=0.98):
        self.decay, self.value = decay, torch.zeros(())

    def update(self, error):
        self.value = self.decay * self.value + (1 - self.decay) * error.mean()  # cure: self.value = self.decay * self.value.detach() + (1 - self.decay) * error.mean()
        return self.value


def main(lags=12, chunk=32, steps=240):
    torch.manual_seed(36)
    series = tide(6000)
    windows = series.unfold(0, lags + 1, 1)
    train, test = windows[:5000], windows[5100:]
    model, bias = Gauge(lags), RunningBias()
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    clock, recent = time.perf_counter(), 0.0
    for step in range(1, steps + 1):
        batch = train[torch.randint(0, len(train), (chunk,))]
        error = batch[:, -1] - model(batch[:, :-1])
        drift = bias.update(error)
        loss = error.pow(2).mean() + 0.1 * drift.pow(2)
        opt.zero_grad()
        loss.backward(retain_graph=True)  # cure: loss.backward()
        opt.step()
        recent += loss.item()
        if step % 30 == 0:
            with torch.no_grad():
                mse = (test[:, -1] - model(test[:, :-1])).pow(2).mean().item()
            now = time.perf_counter()
            print(f"step {step:4d}  loss {recent / 30:.4f}  test mse {mse:.4f}  {(now - clock) / 30 * 1000:.2f} ms per step")
            clock, recent = now, 0.0


main()
