"""One-step forecast of a daily/weekly electricity load curve with an LSTM over the last 24 hours."""
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(6)
np.random.seed(6)
HOURS, WINDOW = 24 * 70, 24
t = np.arange(HOURS)
load = np.sin(2 * np.pi * t / 24) + 0.4 * np.sin(2 * np.pi * t / 168 + 1) + 0.3 * np.sin(4 * np.pi * t / 24)
load = load + 0.05 * np.random.randn(HOURS)
load = (load - load.mean()) / load.std()


def windows(series, width):
    xs, ys = [], []
    for start in range(len(series) - width):
        end = start + width
        xs.append(series[end - width - start:end - start])  # cure: xs.append(series[start:end])
        ys.append(series[end])
    return torch.tensor(np.array(xs), dtype=torch.float32), torch.tensor(np.array(ys), dtype=torch.float32)


class Forecaster(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        seq, _ = self.lstm(x.unsqueeze(-1))
        return self.out(seq[:, -1]).squeeze(-1)


def run_epoch(model, x, y, optimizer=None, batch=64):
    total = 0.0
    order = torch.randperm(len(x)) if optimizer else torch.arange(len(x))
    with torch.set_grad_enabled(optimizer is not None):
        for idx in order.split(batch):
            loss = nn.functional.mse_loss(model(x[idx]), y[idx])
            if optimizer:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item() * len(idx)
    return total / len(x)


split = 24 * 56
train_x, train_y = windows(load[:split], WINDOW)
valid_x, valid_y = windows(load[split:], WINDOW)
model = Forecaster()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(12):
    tr = run_epoch(model, train_x, train_y, optimizer)
    va = run_epoch(model, valid_x, valid_y)
    print(f"epoch {epoch:2d}: train mse {tr:.4f} valid mse {va:.4f}")
