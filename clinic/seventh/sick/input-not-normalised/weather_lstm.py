"""Forecast the next hour's temperature change from a day of station readings (hPa, K, % relative humidity)."""
import argparse

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


def station(hours, seed):
    rng = np.random.default_rng(seed)
    t = np.arange(hours)
    front = np.convolve(rng.standard_normal(hours + 23), np.ones(24) / 5, "valid")
    temp = 285 + 6 * np.sin(2 * np.pi * t / 24) + 1.5 * front + 0.1 * rng.standard_normal(hours)
    pressure = 101325 - 350 * front + 30 * rng.standard_normal(hours)
    humidity = 60 - 2 * (temp - 285) + 2 * rng.standard_normal(hours)
    return np.stack([temp, pressure, humidity], 1).astype(np.float32)


class Windows(Dataset):
    def __init__(self, table, span=24):
        self.target = np.diff(table[:, 0]) / 1.5
        # cure: table = (table - table.mean(0)) / table.std(0)
        self.table, self.span = torch.from_numpy(table), span

    def __len__(self):
        return len(self.table) - self.span

    def __getitem__(self, i):
        return self.table[i:i + self.span], torch.tensor(self.target[i + self.span - 1])


class Forecaster(nn.Module):
    def __init__(self, n_features=3, hidden=24):
        super().__init__()
        self.lstm = nn.LSTM(n_features, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out[:, -1]).squeeze(-1)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=9)
    p.add_argument("--lr", type=float, default=5e-3)
    p.add_argument("--seed", type=int, default=8)
    args = p.parse_args()
    torch.manual_seed(args.seed)
    train = DataLoader(Windows(station(2000, args.seed)), batch_size=64, shuffle=True)
    valid = DataLoader(Windows(station(600, args.seed + 1)), batch_size=200)
    model = Forecaster()
    opt = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        model.train()
        seen = []
        for xb, yb in train:
            loss = nn.functional.mse_loss(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            seen.append(loss.item())
        model.eval()
        with torch.no_grad():
            pairs = [(model(xb), yb) for xb, yb in valid]
        pred, true = torch.cat([a for a, _ in pairs]), torch.cat([b for _, b in pairs])
        mse = nn.functional.mse_loss(pred, true).item()
        print(f"epoch {epoch}: train mse {np.mean(seen):.4f}, valid mse {mse:.4f}, skill {1 - mse / true.var().item():.3f}")


if __name__ == "__main__":
    main()
