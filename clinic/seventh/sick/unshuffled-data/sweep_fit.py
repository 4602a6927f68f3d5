"""Surrogate for a drag curve: the solver's sweep over the angle of attack, fitted by a small MLP."""
import math
import torch
import torch.nn as nn


class Sweep:
    """The solver writes its rows in order of the angle."""

    def __init__(self, n=1200):
        self.angle = torch.linspace(-10, 20, n).unsqueeze(1)
        a = self.angle / 10
        self.drag = 0.3 * a ** 2 + 0.4 * torch.sin(4 * a) + torch.sigmoid(8 * (a - 1.2)) + 0.03 * torch.randn(n, 1)

    def batches(self, size):
        x, y = (self.angle - 5) / 8.7, (self.drag - self.drag.mean()) / self.drag.std()
        order = torch.arange(len(x))  # cure: order = torch.randperm(len(x))
        for idx in order.split(size):
            yield x[idx], y[idx]

    def all(self):
        return (self.angle - 5) / 8.7, (self.drag - self.drag.mean()) / self.drag.std()


def train(net, data, epochs=60, lr=3e-3):
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    sched = torch.optim.lr_scheduler.StepLR(opt, 25, 0.5)
    for epoch in range(epochs):
        for x, y in data.batches(40):
            loss = (net(x) - y).pow(2).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
        sched.step()
        if epoch % 6 == 5:
            with torch.no_grad():
                x, y = data.all()
                rmse = math.sqrt((net(x) - y).pow(2).mean().item())
            print(f"epoch {epoch + 1:3d}  batch mse {loss.item():.5f}  rmse over the sweep {rmse:.4f}")


if __name__ == "__main__":
    torch.manual_seed(23)
    train(nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1)), Sweep())
