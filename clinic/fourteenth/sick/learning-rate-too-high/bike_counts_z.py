"""Hourly bicycle counts from hour, weekday and weather with a small network (on the square-root scale)."""
import math
import numpy as np
import torch
from torch import nn

BASE_LR, BASE_BATCH, BATCH = 0.05, 16, 256


def load(n, seed):
    r = np.random.RandomState(seed)
    hour, weekday = r.randint(0, 24, n), r.randint(0, 7, n)
    temp, rain = r.normal(0, 1, n), r.exponential(1, n)
    log_rate = 1.2 + 0.8 * np.exp(-((hour - 8) / 2.0) ** 2) * (weekday < 5) + np.exp(-((hour - 17) / 3.0) ** 2)
    log_rate += 0.3 * temp - 0.4 * np.minimum(rain, 2)
    feats = [np.sin(hour * math.pi / 12), np.cos(hour * math.pi / 12), np.sin(hour * math.pi / 6),
             np.cos(hour * math.pi / 6), (weekday < 5) * 2.0 - 1, temp, rain - 1]
    counts = r.poisson(np.exp(log_rate))
    return torch.tensor(np.stack(feats, 1), dtype=torch.float32), torch.tensor(np.sqrt(counts), dtype=torch.float32)


def train():
    torch.manual_seed(0)
    x, y = load(6000, 0)
    xv, yv = load(1500, 1)
    net = nn.Sequential(nn.Linear(7, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
    lr = BASE_LR * BATCH / BASE_BATCH  # cure: lr = BASE_LR
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    criterion = nn.SmoothL1Loss()
    for epoch in range(1, 41):
        order = torch.randperm(len(x))
        losses = []
        for i in range(0, len(x), BATCH):
            take = order[i:i + BATCH]
            loss = criterion(net(x[take]).squeeze(1), y[take])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        if epoch % 4 == 0:
            with torch.no_grad():
                valid = criterion(net(xv).squeeze(1), yv).item()
            print(f"epoch {epoch:3d}: train loss {np.mean(losses):.4f}, valid loss {valid:.4f}")


train()
