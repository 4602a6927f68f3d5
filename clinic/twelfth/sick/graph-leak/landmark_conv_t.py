"""Locate the centre of a blurred spot in a noisy 24x24 image (soft-argmax heat map regression)."""
import resource

import torch
from torch import nn


def spots(n, gen, size=24):
    centre = torch.rand(n, 2, generator=gen) * 16 + 4
    grid = torch.arange(size, dtype=torch.float32)
    gy = torch.exp(-((grid[None] - centre[:, :1]) ** 2) / 8)
    gx = torch.exp(-((grid[None] - centre[:, 1:]) ** 2) / 8)
    img = gy[:, :, None] * gx[:, None, :] * 2 + 0.6 * torch.randn(n, size, size, generator=gen)
    return img.unsqueeze(1), (centre - 12) / 12


class SpotNet(nn.Module):
    def __init__(self, ch=12):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, ch, 5, padding=2), nn.ReLU(), nn.Conv2d(ch, ch, 5, padding=2), nn.ReLU(),
                                 nn.Conv2d(ch, 1, 1))
        self.register_buffer("grid", (torch.arange(24) - 12) / 12)

    def forward(self, x):
        heat = self.net(x).flatten(1).softmax(1).view(-1, 24, 24)
        return torch.stack([(heat.sum(2) * self.grid).sum(1), (heat.sum(1) * self.grid).sum(1)], 1)


class Trainer:
    def __init__(self, model, lr=3e-3):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.criterion = nn.MSELoss()
        self.train_history, self.val_history = [], []

    def train_epoch(self, x, y):
        self.model.train()
        total = 0.0
        for idx in torch.randperm(len(x)).split(32):
            loss = self.criterion(self.model(x[idx]), y[idx])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        self.train_history.append(total / len(x))

    def validate(self, x, y):
        self.model.eval()
        loss = self.criterion(self.model(x), y)
        self.val_history.append(loss)  # cure: self.val_history.append(loss.item())

    def fit(self, train, val, epochs):
        for epoch in range(1, epochs + 1):
            self.train_epoch(*train)
            self.validate(*val)
            best = min(self.val_history)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"epoch {epoch:2d}  train {self.train_history[-1]:.5f}  val {self.val_history[-1]:.5f}  "
                  f"best {best:.5f}  peak memory {memory:.0f} MB")


if __name__ == "__main__":
    torch.manual_seed(61)
    gen = torch.Generator().manual_seed(61)
    train, val = spots(600, gen), spots(300, gen)
    Trainer(SpotNet()).fit(train, val, epochs=10)
