"""Probabilistic forecast of a seasonal series with a recurrent net: mean and spread of the next value."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Seasonal(Dataset):
    def __init__(self, lo, hi, window=24):
        rng = np.random.default_rng(3)
        t = np.arange(4000)
        s = np.sin(2 * np.pi * t / 12) + 0.5 * np.sin(2 * np.pi * t / 30) + 0.15 * rng.normal(size=4000)
        self.s, self.window = torch.tensor(s[lo:hi] / s.std(), dtype=torch.float32), window

    def __len__(self):
        return len(self.s) - self.window

    def __getitem__(self, i):
        w = self.s[i:i + self.window + 1]
        return w[:-1, None], w[-1:]  # cure: return w[:-1, None], w[-1]


class Forecaster(nn.Module):
    def __init__(self, h=24):
        super().__init__()
        self.rnn, self.out = nn.GRU(1, h, batch_first=True), nn.Linear(h, 2)

    def forward(self, x):
        mu, log_sigma = self.out(self.rnn(x)[1][-1]).unbind(-1)
        return mu, log_sigma


def nll(mu, log_sigma, y):
    return (log_sigma + 0.5 * ((y - mu) / log_sigma.exp()) ** 2).mean()


def main(epochs=8):
    torch.manual_seed(3)
    train = DataLoader(Seasonal(0, 2500), batch_size=64, shuffle=True)
    test = DataLoader(Seasonal(2500, 4000), batch_size=2000)
    net = Forecaster()
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    for epoch in range(epochs):
        losses = []
        for x, y in train:
            loss = nll(*net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        with torch.no_grad():
            x, y = next(iter(test))
            rmse = (net(x)[0] - y.flatten()).square().mean().sqrt()
        print(f"epoch {epoch + 1} nll {np.mean(losses):.4f} test rmse {rmse:.4f}")


main()
