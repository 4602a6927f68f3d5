"""Predict the next value of a chaotic (Mackey-Glass) series with a gated recurrent network."""
import numpy as np
import torch
from torch import nn


def mackey_glass(n, tau=17):
    x = [1.2] * (tau + 1)
    for _ in range((n + 100)):
        for _ in range(2):
            x.append(x[-1] + 0.5 * (0.2 * x[-tau] / (1 + x[-tau] ** 10) - 0.1 * x[-1]))
    series = np.array(x[200 + tau::2][:n], dtype=np.float32)
    return (series - series.mean()) / series.std()


def windows(series, length=16):
    x = np.stack([series[i:i + length] for i in range(len(series) - length - 3)])
    return torch.from_numpy(x).unsqueeze(-1), torch.from_numpy(series[length + 3:].copy())


class GRUPredictor(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.head(self.gru(x)[0][:, -1]).squeeze(-1)


torch.manual_seed(9)
x, y = windows(mackey_glass(1800))
x_train, y_train, x_test, y_test = x[:1400], y[:1400], x[1420:], y[1420:]
net = GRUPredictor()
opt = torch.optim.Adam(net.parameters(), lr=0.005)
schedule = torch.optim.lr_scheduler.MultiStepLR(opt, milestones=[12, 16], gamma=10)  # cure: schedule = torch.optim.lr_scheduler.MultiStepLR(opt, milestones=[12, 16], gamma=0.1)
for epoch in range(20):
    losses = []
    for idx in torch.randperm(len(x_train)).split(50):
        loss = nn.functional.mse_loss(net(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    schedule.step()
    with torch.no_grad():
        test = nn.functional.mse_loss(net(x_test), y_test).item()
    print(f"epoch {epoch + 1:2d} train mse {np.mean(losses):.5f} test mse {test:.5f}")
