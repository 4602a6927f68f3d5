"""Forecast the next hour of a synthetic tide signal with a GRU; the rate is scaled with the batch size."""
import math
import torch
from torch import nn

torch.manual_seed(0)
t = torch.arange(0, 4000) / 4.0
tide = torch.sin(2 * math.pi * t / 12.42) + 0.45 * torch.sin(2 * math.pi * t / 12.0 + 1) + 0.3 * torch.sin(
    2 * math.pi * t / 25.8) + 0.05 * torch.randn(len(t))
tide = (tide - tide.mean()) / tide.std()
WIN, AHEAD = 24, 4
windows = tide.unfold(0, WIN + AHEAD, 1)
x, y = windows[:, :WIN, None], windows[:, -1]
cut = 3200
train_x, train_y, test_x, test_y = x[:cut], y[:cut], x[cut + 30:], y[cut + 30:]

batch_size = 64
base_lr = 0.1
lr = base_lr * batch_size / 4  # cure: lr = base_lr * batch_size / 256


class Forecaster(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.head(self.gru(x)[0][:, -1]).squeeze(-1)


net = Forecaster()
opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
for epoch in range(8):
    order = torch.randperm(cut)
    losses = []
    for i in range(0, cut, batch_size):
        b = order[i:i + batch_size]
        loss = nn.functional.mse_loss(net(train_x[b]), train_y[b])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        test = nn.functional.mse_loss(net(test_x), test_y).item()
    print(f"epoch {epoch + 1}: train {sum(losses) / len(losses):.4f}  test {test:.4f}")
