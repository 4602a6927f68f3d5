"""River level (as deviation from the yearly mean, standardised) from the rain of the past 20 days, with an LSTM."""
import torch
import torch.nn as nn


class RiverNet(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.lstm = nn.LSTM(2, hidden, batch_first=True)
        self.head = nn.Sequential(nn.Linear(hidden, 16), nn.ReLU(), nn.Linear(16, 1), nn.ReLU())  # cure: self.head = nn.Sequential(nn.Linear(hidden, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1]).squeeze(1)


def catchment(n, g, days=20):
    rain = torch.relu(torch.randn(n, days, generator=g))
    warm = torch.randn(n, 1, generator=g).expand(n, days)
    decay = 0.85 - 0.1 * torch.tanh(warm[:, :1])
    level = torch.zeros(n, 1)
    for d in range(days):
        level = decay * level + rain[:, d:d + 1]
    return torch.stack([(rain - 0.4) / 0.58, warm], 2), level.squeeze(1)


torch.manual_seed(173)
gen = torch.Generator().manual_seed(172)
x, level = catchment(2400, gen)
mean, std = level[:2000].mean(), level[:2000].std()
target = (level - mean) / std
train_x, train_y, test_x, test_y = x[:2000], target[:2000], x[2000:], target[2000:]
net = RiverNet()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
huber = nn.SmoothL1Loss()
for epoch in range(1, 13):
    net.train()
    total = 0.0
    for i in torch.randperm(2000).split(50):
        loss = huber(net(train_x[i]), train_y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 40
    net.eval()
    with torch.no_grad():
        err = net(test_x) - test_y
    print(f"epoch {epoch:2d} huber {total:.4f} test rmse {err.pow(2).mean().sqrt():.4f} bias {err.mean():+.4f}")
