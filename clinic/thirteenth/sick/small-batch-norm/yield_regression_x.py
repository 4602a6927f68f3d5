"""Crop yield from soil and weather with a batch-normalised network."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

BATCH_SIZE = 2  # cure: BATCH_SIZE = 32
EPOCHS = 8


def fields(n):
    x = torch.randn(n, 8)
    y = 0.8 * x[:, 0] + torch.sin(1.5 * x[:, 1]) + 0.6 * x[:, 2] * x[:, 3] - 0.4 * x[:, 4].abs() + 0.1 * torch.randn(n)
    return x, (y / 1.25).unsqueeze(1)


class YieldNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Linear(8, 48), nn.BatchNorm1d(48), nn.ReLU())
        self.mid = nn.Sequential(nn.Linear(48, 48), nn.BatchNorm1d(48), nn.ReLU())
        self.out = nn.Linear(48, 1)

    def forward(self, x):
        return self.out(self.mid(self.stem(x)))


torch.manual_seed(28)
train = TensorDataset(*fields(2400))
xv, yv = fields(600)
net = YieldNet()
loader = DataLoader(train, batch_size=BATCH_SIZE, shuffle=True, drop_last=True)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(EPOCHS):
    net.train()
    acc = 0.0
    for x, y in loader:
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        opt.step()
        acc += loss.item()
    net.eval()
    with torch.no_grad():
        v = nn.functional.mse_loss(net(xv), yv).item()
    print(f"epoch {epoch}: train mse {acc / len(loader):.4f}, valid mse {v:.4f}, R2 {1 - v / yv.var().item():.3f}")
