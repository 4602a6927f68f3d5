"""Calibrate a sensor: the response curve of a photodiode against the wavelength, a small network with Adam."""
import numpy as np
import torch
import torch.nn as nn


class Calibrator:
    def __init__(self, hidden=64, lr=5e-3, batch=40, epochs=40):
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 1))
        self.opt = torch.optim.Adam(self.net.parameters(), lr=lr)
        self.batch, self.epochs = batch, epochs

    def batches(self, x, y):
        order = torch.arange(len(x))  # cure: order = torch.randperm(len(x))
        for i in range(0, len(x), self.batch):
            sel = order[i:i + self.batch]
            yield x[sel], y[sel]

    def fit(self, x, y, x_check, y_check):
        for epoch in range(1, self.epochs + 1):
            losses = []
            for xb, yb in self.batches(x, y):
                loss = nn.functional.mse_loss(self.net(xb), yb)
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                losses.append(loss.item())
            if epoch % 5 == 0:
                print(f"epoch {epoch:2d}  fit {np.mean(losses):.4f}  check {self.check(x_check, y_check):.4f}")

    @torch.no_grad()
    def check(self, x, y):
        return nn.functional.mse_loss(self.net(x), y).item()


def sweep(n, seed):
    """One sweep of the monochromator from 350 to 1100 nm."""
    g = np.random.default_rng(seed)
    nm = np.sort(g.uniform(350, 1100, n))
    u = (nm - 725) / 216.5
    resp = np.exp(-(u - 0.6) ** 2) + 0.45 * np.exp(-((u + 0.9) / 0.35) ** 2) - 0.15 * np.cos(4 * u)
    resp = (resp - 0.52) / 0.33 + 0.05 * g.normal(size=n)
    return torch.tensor(u[:, None], dtype=torch.float32), torch.tensor(resp[:, None], dtype=torch.float32)


if __name__ == "__main__":
    torch.manual_seed(17)
    x, y = sweep(2400, 0)
    xc, yc = sweep(600, 1)
    Calibrator().fit(x, y, xc, yc)
