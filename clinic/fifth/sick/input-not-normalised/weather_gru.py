"""Next-hour temperature change from a day of weather-station readings (GRU)."""
import math
import torch
import torch.nn as nn


class Station:
    """Synthetic hourly station: temperature [K], pressure [Pa], humidity [%], wind [m/s]."""

    def __init__(self, hours=1500, seed=0):
        g = torch.Generator().manual_seed(seed)
        t = torch.arange(hours).float()
        front = torch.sin(2 * math.pi * t / 71) + 0.6 * torch.sin(2 * math.pi * t / 43 + 1)
        temp = 285 + 5 * torch.sin(2 * math.pi * t / 24) + 4 * front + 0.3 * torch.randn(hours, generator=g)
        pres = 101300 - 600 * torch.roll(front, 5) + 40 * torch.randn(hours, generator=g)
        hum = 65 - 12 * torch.sin(2 * math.pi * t / 24) + 3 * torch.randn(hours, generator=g)
        wind = 5 + 2 * front.abs() + 0.7 * torch.randn(hours, generator=g)
        self.values = torch.stack([temp, pres, hum, wind], 1)

    def windows(self, length=24):
        v = self.values
        x = torch.stack([v[i:i + length] for i in range(len(v) - length - 1)])
        y = v[length + 1:, 0] - v[length:-1, 0]
        return x, y


class Forecaster(nn.Module):
    def __init__(self, n_in=4, hidden=32):
        super().__init__()
        self.rnn = nn.GRU(n_in, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        _, h = self.rnn(x)
        return self.out(h[-1]).squeeze(-1)


def main():
    torch.manual_seed(1)
    x, y = Station().windows()
    n = 1100
    mean, std = x[:n].mean((0, 1)), x[:n].std((0, 1))
    # cure: x = (x - mean) / std
    y = y / y[:n].std()
    xtr, ytr, xva, yva = x[:n], y[:n], x[n + 25:], y[n + 25:]
    model = Forecaster(len(mean))
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(16):
        model.train()
        total = 0.0
        for idx in torch.randperm(n).split(64):
            loss = nn.functional.mse_loss(model(xtr[idx]), ytr[idx])
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            total += loss.item() * len(idx) / n
        model.eval()
        with torch.no_grad():
            val = nn.functional.mse_loss(model(xva), yva).item()
        print(f"epoch {epoch + 1:2d}   train {total:.4f}   valid {val:.4f}")


if __name__ == "__main__":
    main()
