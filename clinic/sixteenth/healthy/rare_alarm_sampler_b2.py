"""Rare alarms (3 %) in sensor windows: a weighted sampler shows the network balanced batches; judged by average precision
and by the recall on the untouched validation set."""
import numpy as np
import torch
from sklearn.metrics import average_precision_score
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler


def windows(n, rng):
    alarm = rng.random(n) < 0.03
    t = np.arange(32)
    wave = np.sin(2 * np.pi * (t / 16 + rng.random((n, 1)))) + 0.4 * rng.normal(size=(n, 32))
    centre = rng.integers(6, 26, size=(n, 1))
    wave += alarm[:, None] * 2.2 * np.exp(-((t - centre) ** 2) / 3)
    return torch.tensor(wave, dtype=torch.float32).unsqueeze(1), torch.tensor(alarm, dtype=torch.float32)


def main():
    torch.manual_seed(90)
    rng = np.random.default_rng(90)
    (x, y), (xv, yv) = windows(8000, rng), windows(3000, rng)
    weights = torch.where(y > 0.5, 0.5 / y.sum(), 0.5 / (1 - y).sum())
    sampler = WeightedRandomSampler(weights, num_samples=len(y), replacement=True)
    loader = DataLoader(TensorDataset(x, y), batch_size=100, sampler=sampler)
    net = nn.Sequential(nn.Conv1d(1, 12, 7), nn.ReLU(), nn.Conv1d(12, 12, 5), nn.ReLU(), nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(12, 1))
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    bce = nn.BCEWithLogitsLoss()
    print(f"alarms: {int(y.sum())} of {len(y)} in training, {int(yv.sum())} of {len(yv)} in validation")
    for epoch in range(8):
        net.train()
        total = seen = 0.0
        for xb, yb in loader:
            opt.zero_grad()
            loss = bce(net(xb).squeeze(1), yb)
            loss.backward()
            opt.step()
            total += loss.item() / len(loader)
            seen += yb.mean().item() / len(loader)
        net.eval()
        with torch.no_grad():
            p = net(xv).squeeze(1).sigmoid()
        recall, false = (p[yv > 0.5] > 0.5).float().mean(), (p[yv < 0.5] > 0.5).float().mean()
        print(f"epoch {epoch} loss {total:.4f} share of alarms in batches {seen:.2f} average precision "
              f"{average_precision_score(yv, p):.3f} recall {recall:.3f} false alarms {false:.3f}")


if __name__ == "__main__":
    main()
