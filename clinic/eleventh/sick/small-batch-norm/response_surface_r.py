"""Regression of a response surface with a batch-normalised network and a DataLoader, sized for a small device."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

BATCH_SIZE = 2  # cure: BATCH_SIZE = 32
EPOCHS = 12


def surface(x):
    return torch.sin(2 * x[:, 0]) * x[:, 1] + 0.5 * x[:, 2] ** 2 - 0.3 * x[:, 3]


def make_set(n, gen):
    x = torch.rand(n, 4, generator=gen) * 3.4 - 1.7
    return x, surface(x) + 0.05 * torch.randn(n, generator=gen)


class Surface(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(4, width), nn.BatchNorm1d(width), nn.ReLU(),
            nn.Linear(width, width), nn.BatchNorm1d(width), nn.ReLU(),
            nn.Linear(width, 1),
        )

    def forward(self, x):
        return self.layers(x).squeeze(-1)


gen = torch.Generator().manual_seed(20)
torch.manual_seed(20)
x, y = make_set(1000, gen)
xv, yv = make_set(500, gen)
mean, std = y.mean(), y.std()
train = DataLoader(TensorDataset(x, (y - mean) / std), batch_size=BATCH_SIZE, shuffle=True, drop_last=True)
net = Surface()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.1, total_iters=EPOCHS)
for epoch in range(1, EPOCHS + 1):
    net.train()
    mse = 0.0
    for xb, yb in train:
        loss = nn.functional.mse_loss(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        mse += loss.item() / len(train)
    sched.step()
    net.eval()
    with torch.no_grad():
        val = nn.functional.mse_loss(net(xv), (yv - mean) / std).item()
    print(f"epoch {epoch:2d}  train mse {mse:.4f}  val mse {val:.4f}")
