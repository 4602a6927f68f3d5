"""One-step forecast of a coupled oscillator series with a small residual-free mixer (time mixing, channel mixing)."""
import math

import torch
import torch.nn as nn


class MixBlock(nn.Module):
    def __init__(self, tokens, channels):
        super().__init__()
        self.time = nn.Parameter(torch.randn(tokens, tokens))  # cure: self.time = nn.Parameter(torch.randn(tokens, tokens) * tokens ** -0.5)
        self.chan = nn.Parameter(torch.randn(channels, channels))  # cure: self.chan = nn.Parameter(torch.randn(channels, channels) * channels ** -0.5)

    def forward(self, x):
        x = nn.functional.leaky_relu(self.time @ x, 0.2)
        return nn.functional.leaky_relu(x @ self.chan, 0.2)


class Mixer(nn.Module):
    def __init__(self, tokens=16, channels=12, depth=3):
        super().__init__()
        self.lift = nn.Linear(2, channels)
        self.blocks = nn.Sequential(*[MixBlock(tokens, channels) for _ in range(depth)])
        self.head = nn.Linear(tokens * channels, 2)

    def forward(self, x):
        return self.head(self.blocks(self.lift(x)).flatten(1))


def windows(n, gen, length=16):
    start = torch.rand(n, 1, generator=gen) * 40
    t = start + 0.35 * torch.arange(length + 1)
    a = torch.sin(t) + 0.5 * torch.sin(math.sqrt(3) * t)
    b = torch.cos(t) * torch.sin(0.5 * t)
    s = torch.stack([a, b], 2) + 0.02 * torch.randn(n, length + 1, 2, generator=gen)
    return s[:, :-1], s[:, -1]


def run(epochs=25, lr=2e-3):
    torch.manual_seed(14)
    gen = torch.Generator().manual_seed(15)
    X, Y = windows(2000, gen)
    Xv, Yv = windows(500, gen)
    model = Mixer()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for ep in range(1, epochs + 1):
        model.train()
        acc = 0.0
        for i in torch.randperm(len(X)).split(64):
            loss = nn.functional.mse_loss(model(X[i]), Y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            acc += loss.item() * len(i) / len(X)
        model.eval()
        with torch.no_grad():
            val = nn.functional.mse_loss(model(Xv), Yv).item()
        if ep == 1 or ep % 4 == 1:
            print(f"ep {ep:2d} train {acc:.5g} valid {val:.5g}")


run()
