"""Forecast the next six hours of a tide gauge (levels relative to the mean) with a causal convolutional network."""
import numpy as np
import torch
from torch import nn


class Causal(nn.Module):
    def __init__(self, i, o, dilation):
        super().__init__()
        self.pad = nn.ConstantPad1d((2 * dilation, 0), 0.0)
        self.conv = nn.Conv1d(i, o, 3, dilation=dilation)
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(self.conv(self.pad(x)))


class Tide(nn.Module):
    def __init__(self, hours=6, c=16):
        super().__init__()
        self.stack = nn.Sequential(Causal(1, c, 1), Causal(c, c, 2), Causal(c, c, 4), Causal(c, c, 8))
        self.fc = nn.Linear(c, hours)

    def forward(self, x):
        h = self.stack(x)[:, :, -1]
        return torch.relu(self.fc(h))  # cure: return self.fc(h)


def gauge(n=4000):
    rng = np.random.default_rng(2)
    t = np.arange(n)
    level = np.cos(2 * np.pi * t / 12.42) + 0.35 * np.cos(2 * np.pi * t / 12.0 + 1) + 0.2 * np.sin(2 * np.pi * t / 25.8)
    level += 0.08 * rng.normal(size=n)
    return torch.tensor((level - level.mean()) / level.std(), dtype=torch.float32)


def main():
    torch.manual_seed(2)
    frames = gauge().unfold(0, 42, 1)
    x, y = frames[:, None, :36], frames[:, 36:]
    x, xt, y, yt = x[:3200], x[3242:], y[:3200], y[3242:]
    net = Tide()
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
    for epoch in range(10):
        net.train()
        losses = []
        for i in torch.randperm(len(x)).split(64):
            opt.zero_grad()
            loss = nn.functional.l1_loss(net(x[i]), y[i])
            loss.backward()
            opt.step()
            losses.append(loss.item())
        net.eval()
        with torch.no_grad():
            out = net(xt)
        print(f"epoch {epoch} train MAE {np.mean(losses):.3f} test MAE {nn.functional.l1_loss(out, yt):.3f}"
              f" forecasts from {out.min():.2f} to {out.max():.2f}, levels from {yt.min():.2f} to {yt.max():.2f}")


main()
