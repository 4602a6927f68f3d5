"""Implicit representation of a short audio-like signal with sine activations.
The activation is its own autograd function so that only one tensor is kept per layer."""
import math

import torch
from torch import nn


class Sine(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        out = torch.sin(x)
        ctx.save_for_backward(out)  # cure: ctx.save_for_backward(x)
        return out

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * torch.cos(x)


class SineLayer(nn.Module):
    def __init__(self, n_in, n_out, omega, first=False):
        super().__init__()
        self.omega = omega
        self.linear = nn.Linear(n_in, n_out)
        bound = 1 / n_in if first else math.sqrt(6 / n_in) / omega
        nn.init.uniform_(self.linear.weight, -bound, bound)

    def forward(self, x):
        return Sine.apply(self.omega * self.linear(x))


def signal(t):
    chirp = torch.sin(2 * math.pi * (3 * t + 2.5 * t ** 2))
    return (0.6 * chirp + 0.4 * torch.sin(14 * math.pi * t)) * torch.exp(-0.5 * t.abs())


def main():
    torch.manual_seed(5)
    t = torch.linspace(-1, 1, 1024).unsqueeze(1)
    target = signal(t)
    held = torch.arange(1024) % 5 == 2
    t_fit, y_fit = t[~held], target[~held]

    net = nn.Sequential(SineLayer(1, 64, 30.0, first=True), SineLayer(64, 64, 15.0),
                        SineLayer(64, 64, 15.0), nn.Linear(64, 1))
    opt = torch.optim.Adam(net.parameters(), lr=5e-4)
    for step in range(1, 601):
        pick = torch.randint(0, len(t_fit), (256,))
        loss = ((net(t_fit[pick]) - y_fit[pick]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 100 == 0:
            with torch.no_grad():
                err = ((net(t[held]) - target[held]) ** 2).mean()
                psnr = 10 * torch.log10(target.abs().max() ** 2 / err)
            print(f"step {step:4d}  batch mse {loss.item():.5f}  held-out mse {err.item():.5f}  psnr {psnr.item():.1f} dB")


if __name__ == "__main__":
    main()
