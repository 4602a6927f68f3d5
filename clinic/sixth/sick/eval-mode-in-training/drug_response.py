"""Responder or not: predict drug response from 120 gene expressions of 200 cell lines; dropout keeps the network honest."""
import numpy as np
import torch
from torch import nn


class Fit:
    def __init__(self, seed=1):
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        n, d = 1200, 120
        factors = rng.normal(size=(n, 12))
        x = factors @ rng.normal(size=(12, d)) / 3.5 + rng.normal(0, 0.5, (n, d))
        y = factors[:, 0] + 0.6 * factors[:, 1] - 0.5 * factors[:, 2] * factors[:, 3] + rng.normal(0, 0.6, n)
        x = (x - x[:200].mean(0)) / x[:200].std(0)
        y = (y > 0).astype(float)
        self.x, self.y = torch.tensor(x).float(), torch.tensor(y).float()
        self.net = nn.Sequential(
            nn.Dropout(0.3), nn.Linear(d, 256), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(256, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 1))
        self.opt = torch.optim.Adam(self.net.parameters(), lr=5e-4)

    def predict(self, rows):
        self.net.eval()
        return self.net(self.x[rows]).squeeze(1)

    def train_epoch(self):
        self.net.train()
        total = 0.0
        for rows in torch.randperm(200).split(20):
            pred = self.predict(rows)  # cure: pred = self.net(self.x[rows]).squeeze(1)
            loss = nn.functional.binary_cross_entropy_with_logits(pred, self.y[rows])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() / 10
        return total

    def test(self):
        with torch.no_grad():
            out, y = self.predict(slice(200, None)), self.y[200:]
            return nn.functional.binary_cross_entropy_with_logits(out, y).item(), ((out > 0) == (y > 0)).float().mean().item()


fit = Fit()
for epoch in range(36):
    tr = fit.train_epoch()
    te, acc = fit.test()
    if epoch % 7 == 0:
        print(f"epoch {epoch + 1}: train loss {tr:.3f}  test loss {te:.3f}  test accuracy {acc:.3f}")
