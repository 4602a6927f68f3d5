"""Detect a damaged bearing in 50-step vibration windows with an LSTM (binary decision)."""
import numpy as np
import torch
from torch import nn


def vibration(n, rng, steps=50):
    t = np.arange(steps)
    damaged = rng.random(n) < 0.5
    x = rng.normal(0, 0.5, (n, steps)) + np.sin(2 * np.pi * t / 9 + rng.uniform(0, 6.28, (n, 1)))
    period = rng.integers(10, 16, n)
    for i in np.flatnonzero(damaged):
        x[i, rng.integers(0, 8)::period[i]] += rng.choice([-1, 1]) * rng.uniform(1.5, 3.0)
    x = (x - x.mean()) / x.std()
    return torch.tensor(x[..., None], dtype=torch.float32), torch.tensor(damaged, dtype=torch.float32)


class BearingMonitor(nn.Module):
    """Returns one score per window."""

    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        score = self.fc(out.max(dim=1).values).squeeze(1)
        return torch.sigmoid(score)  # cure: return score

    @torch.no_grad()
    def probability(self, x):
        return torch.sigmoid(self(x))


def train(model, x, y, xv, yv, epochs=10, batch_size=64, lr=5e-3):
    criterion = nn.BCEWithLogitsLoss()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(batch_size):
            loss = criterion(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            total += loss.item() * len(idx)
        p = model.probability(xv)
        acc = ((p > 0.5).float() == yv).float().mean().item()
        brier = ((p - yv) ** 2).mean().item()
        print(f"epoch {epoch:2d}  bce {total / len(x):.4f}  accuracy {acc:.3f}  brier {brier:.4f}")


if __name__ == "__main__":
    torch.manual_seed(33)
    rng = np.random.default_rng(33)
    x, y = vibration(1600, rng)
    xv, yv = vibration(400, rng)
    train(BearingMonitor(), x, y, xv, yv)
