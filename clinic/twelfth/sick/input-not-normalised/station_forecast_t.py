"""Forecast the next hour's temperature of a weather station with a GRU over the last 12 hours.
Channels: pressure (Pa), temperature (K), relative humidity (%), wind speed (m/s)."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


def simulate_station(hours, seed):
    rng = np.random.default_rng(seed)
    t = np.arange(hours)
    front = np.convolve(rng.normal(0, 1, hours + 47), np.ones(48) / 48 ** 0.5, "valid")
    temp = 284 + 6 * np.sin(2 * np.pi * (t - 9) / 24) + 3 * front + rng.normal(0, 0.3, hours)
    pressure = 101325 - 700 * np.roll(front, -3) + rng.normal(0, 30, hours)
    humidity = np.clip(65 - 3 * (temp - 284) + rng.normal(0, 3, hours), 5, 100)
    wind = np.abs(4 + 1.5 * front + rng.normal(0, 1, hours))
    return np.stack([pressure, temp, humidity, wind], 1)


class Windows(Dataset):
    def __init__(self, series, start, stop, length=12):
        self.length = length
        self.start, self.stop = start, stop
        target = series[:, 1]
        self.target = torch.tensor((target - target.mean()) / target.std(), dtype=torch.float32)
        # cure: series = (series - series.mean(0)) / series.std(0)
        self.series = torch.tensor(series, dtype=torch.float32)

    def __len__(self):
        return self.stop - self.start - self.length

    def __getitem__(self, i):
        i += self.start
        return self.series[i:i + self.length], self.target[i + self.length]


class Forecaster(nn.Module):
    def __init__(self, channels=4, hidden=32):
        super().__init__()
        self.rnn = nn.GRU(channels, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        states, _ = self.rnn(x)
        return self.out(states[:, -1]).squeeze(1)


def main():
    torch.manual_seed(4)
    series = simulate_station(2600, seed=4)
    train = DataLoader(Windows(series, 0, 2000), batch_size=64, shuffle=True)
    valid = DataLoader(Windows(series, 2000, 2600), batch_size=200)
    model = Forecaster()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    loss_fn = nn.MSELoss()
    for epoch in range(10):
        model.train()
        tot = 0.0
        for x, y in train:
            loss = loss_fn(model(x), y)
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            tot += loss.item() * len(y)
        model.eval()
        with torch.no_grad():
            v = sum(loss_fn(model(x), y).item() * len(y) for x, y in valid) / len(valid.dataset)
        print(f"epoch {epoch + 1:2d} | train mse {tot / len(train.dataset):.4f} | valid mse {v:.4f}")


if __name__ == "__main__":
    main()
