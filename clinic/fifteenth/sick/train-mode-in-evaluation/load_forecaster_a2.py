"""Forecasts the electric load of the next six hours from the last day; the best weights on the validation days are kept."""
import copy
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(15)


def make_days(n):
    hour = torch.randint(0, 24, (n, 1)) + torch.arange(30).float()
    level = torch.randn(n, 1)
    swing = 1 + 0.4 * torch.randn(n, 1)
    slope = 0.04 * torch.randn(n, 1)
    daily = torch.sin(2 * math.pi * (hour - 7) / 24) + 0.4 * torch.sin(4 * math.pi * hour / 24)
    load = level + swing * daily + slope * torch.arange(30) + 0.1 * torch.randn(n, 30)
    return load[:, :24] / 1.4, load[:, 24:] / 1.4


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(24, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU())
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(96, 6))

    def forward(self, day):
        return self.head(self.encoder(day))


def validate(model, loader, criterion):
    model.encoder.eval()  # cure: model.eval()
    total = 0.0
    with torch.no_grad():
        for day, ahead in loader:
            total += criterion(model(day), ahead).item()
    return total / len(loader)


def main():
    train = DataLoader(TensorDataset(*make_days(4000)), batch_size=64, shuffle=True)
    valid = DataLoader(TensorDataset(*make_days(800)), batch_size=200)
    model, criterion = Forecaster(), nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    best, kept = float("inf"), None
    for epoch in range(20):
        model.train()
        running = 0.0
        for day, ahead in train:
            loss = criterion(model(day), ahead)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            running += loss.item()
        error = validate(model, valid, criterion)
        if error < best:
            best, kept = error, copy.deepcopy(model.state_dict())
        print(f"epoch {epoch:2d}  train {running / len(train):.4f}  validation {error:.4f}")
    model.load_state_dict(kept)
    print(f"kept weights: validation {validate(model, valid, criterion):.4f}")


main()
