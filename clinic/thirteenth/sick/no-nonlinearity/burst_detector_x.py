"""Find out whether a noisy sensor trace contains a short high-frequency burst (random phase and place)."""
import argparse
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def make_traces(n, g):
    t = torch.arange(128.0)
    x = torch.randn(n, 128, generator=g)
    y = (torch.rand(n, generator=g) < 0.5).long()
    centre = 20 + 88 * torch.rand(n, 1, generator=g)
    phase = 2 * math.pi * torch.rand(n, 1, generator=g)
    burst = 1.8 * torch.exp(-((t - centre) / 10) ** 2) * torch.sin(1.6 * t + phase)
    x = x + y[:, None] * burst
    return ((x - x.mean()) / x.std()).unsqueeze(1), y


def block(c_in, c_out, act=nn.Identity):  # cure: def block(c_in, c_out, act=nn.ReLU):
    return nn.Sequential(nn.Conv1d(c_in, c_out, 9, padding=4), act())


def build():
    return nn.Sequential(block(1, 16), nn.AvgPool1d(2), block(16, 24), nn.AvgPool1d(2), block(24, 24),
                         nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(24, 2))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=10)
    p.add_argument("--lr", type=float, default=2e-3)
    a = p.parse_args()
    torch.manual_seed(11)
    g = torch.Generator().manual_seed(11)
    x, y = make_traces(2400, g)
    xv, yv = make_traces(800, g)
    model = build()
    opt = torch.optim.AdamW(model.parameters(), lr=a.lr)
    for epoch in range(1, a.epochs + 1):
        total = 0.0
        for idx in torch.randperm(len(x)).split(48):
            loss = F.cross_entropy(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        with torch.no_grad():
            out = model(xv)
        print(f"epoch {epoch}: loss {total / len(x):.4f}, valid loss {F.cross_entropy(out, yv).item():.4f}, "
              f"valid acc {(out.argmax(1) == yv).float().mean().item():.3f}")


if __name__ == "__main__":
    main()
