"""Multi-task regression on the linnerud-like generated body measurements, as a small Lightning-style loop."""
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import ReduceLROnPlateau


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(6, 48), nn.GELU(), nn.Linear(48, 48), nn.GELU())
        self.strength, self.endurance = nn.Linear(48, 1), nn.Linear(48, 1)

    def forward(self, x):
        h = self.trunk(x)
        return torch.cat([self.strength(h), self.endurance(h)], 1)


class Task:
    def __init__(self):
        torch.manual_seed(44)
        self.net = TwoHeads()
        x = torch.randn(2000, 6)
        s = x[:, 0] * x[:, 1] + torch.sin(2 * x[:, 2])
        e = (x[:, 3] - x[:, 4]).abs() - x[:, 5] * x[:, 0]
        y = torch.stack([s, e], 1) + 0.1 * torch.randn(2000, 2)
        y = (y - y.mean(0)) / y.std(0)
        self.train, self.valid = (x[:1600], y[:1600]), (x[1600:], y[1600:])

    def configure_optimizers(self):
        optimizer = torch.optim.Adam(self.net.parameters(), lr=3e-3)
        scheduler = ReduceLROnPlateau(optimizer, mode="max", factor=0.2, patience=1)  # cure: scheduler = ReduceLROnPlateau(optimizer, mode="min", factor=0.2, patience=1)
        return optimizer, scheduler

    def loss(self, x, y):
        return nn.functional.smooth_l1_loss(self.net(x), y)

    def fit(self, epochs):
        optimizer, scheduler = self.configure_optimizers()
        x, y = self.train
        for epoch in range(epochs):
            total = 0.0
            for idx in torch.randperm(len(x)).split(40):
                optimizer.zero_grad()
                loss = self.loss(x[idx], y[idx])
                loss.backward()
                optimizer.step()
                total += loss.item() / 40
            with torch.no_grad():
                valid = self.loss(*self.valid).item()
            scheduler.step(valid)
            if epoch % 2:
                print(f"epoch {epoch + 1}: train {total:.4f} valid {valid:.4f}")


Task().fit(24)
