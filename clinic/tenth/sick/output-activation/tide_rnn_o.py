"""Forecasts a standardised noisy series three steps ahead with a GRU."""
import numpy as np
import torch
from torch import nn

SEED, WINDOW, AHEAD = 44, 24, 3


class GRUForecast(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(input_size=1, hidden_size=hidden, batch_first=True)
        self.head = nn.Sequential(
            nn.Linear(hidden, 16),
            nn.ReLU(),
            nn.Linear(16, AHEAD),
            nn.ReLU(),  # cure: delete
        )

    def forward(self, x):
        _, h = self.gru(x)
        return self.head(h.squeeze(0))


def windows():
    rng = np.random.default_rng(SEED)
    t = np.arange(1400)
    s = np.sin(t / 5.0) * (1 + 0.3 * np.sin(t / 60.0)) + 0.5 * np.cos(t / 2.3) + 0.1 * rng.normal(size=t.size)
    s = ((s - s.mean()) / s.std()).astype(np.float32)
    x = np.stack([s[i:i + WINDOW] for i in range(len(s) - WINDOW - AHEAD)])
    y = np.stack([s[i + WINDOW:i + WINDOW + AHEAD] for i in range(len(s) - WINDOW - AHEAD)])
    return torch.from_numpy(x).unsqueeze(-1), torch.from_numpy(y)


def main():
    torch.manual_seed(SEED)
    x, y = windows()
    cut = 1000
    xv, yv = x[cut + WINDOW + AHEAD:], y[cut + WINDOW + AHEAD:]
    model, loss_fn = GRUForecast(), nn.MSELoss()
    opt = torch.optim.Adam(model.parameters(), lr=4e-3)
    for epoch in range(12):
        total = 0.0
        for idx in torch.randperm(cut).split(40):
            opt.zero_grad()
            loss = loss_fn(model(x[idx]), y[idx])
            loss.backward()
            opt.step()
            total += loss.item() * len(idx) / cut
        with torch.no_grad():
            print(f"epoch {epoch + 1:2d}/12  train {total:.4f}  valid {loss_fn(model(xv), yv).item():.4f}")


if __name__ == "__main__":
    main()
