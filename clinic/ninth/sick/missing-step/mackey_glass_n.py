"""One-step forecast of a Mackey-Glass series with a temporal MLP and a cosine schedule."""
import numpy as np
import torch
from torch import nn


def mackey_glass(n, tau=17, seed=0):
    rng = np.random.default_rng(seed)
    s = list(1.2 + 0.1 * rng.normal(size=tau + 1))
    for _ in range(n + 300):
        s.append(s[-1] + 0.2 * s[-tau - 1] / (1 + s[-tau - 1] ** 10) - 0.1 * s[-1])
    s = np.array(s[300:])
    return ((s - s.mean()) / s.std()).astype(np.float32)


class Forecaster:
    def __init__(self, lags=20, ahead=6, epochs=20):
        self.lags, self.ahead, self.epochs = lags, ahead, epochs
        self.net = nn.Sequential(nn.Linear(lags, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=3e-3)
        self.scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, epochs, eta_min=3e-4)

    def windows(self, s):
        w = np.lib.stride_tricks.sliding_window_view(s, self.lags + self.ahead)
        return torch.from_numpy(w[:, :self.lags].copy()), torch.from_numpy(w[:, -1:].copy())

    def update(self, x, y):
        self.optimizer.zero_grad()
        loss = (self.net(x) - y).pow(2).mean()
        loss.backward()
        self.optimizer.step  # cure: self.optimizer.step()
        return loss.item()

    def fit(self, series, valid):
        x, y = self.windows(series)
        xv, yv = self.windows(valid)
        for e in range(1, self.epochs + 1):
            losses = [self.update(x[i], y[i]) for i in torch.randperm(len(x)).split(50)]
            self.scheduler.step()
            with torch.no_grad():
                v = (self.net(xv) - yv).pow(2).mean().item()
            print(f"{e:2d}/{self.epochs} train {np.mean(losses):.5f} valid {v:.5f} lr {self.scheduler.get_last_lr()[0]:.1e}")


if __name__ == "__main__":
    torch.manual_seed(10)
    whole = mackey_glass(3000)
    Forecaster().fit(whole[:2400], whole[2400:])
