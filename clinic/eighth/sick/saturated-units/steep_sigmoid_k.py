"""Function fitting with steep sigmoid units: damped oscillation from 1000 samples."""
import torch
import torch.nn as nn


class Steep(nn.Module):
    def __init__(self, slope):
        super().__init__()
        self.slope = slope

    def forward(self, x):
        return torch.sigmoid(self.slope * x)


def make(width, slope):
    return nn.Sequential(nn.Linear(2, width), Steep(slope), nn.Linear(width, width), Steep(slope), nn.Linear(width, 1))


def target(x):
    return torch.exp(-x[:, :1] ** 2 / 2) * torch.cos(2.5 * x[:, 1:])


torch.manual_seed(8)
net = make(width=48, slope=60.0)  # cure: net = make(width=48, slope=3.0)
x = torch.rand(3000, 2) * 4 - 2
xv = torch.rand(1000, 2) * 4 - 2
y, yv = target(x), target(xv)
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(40):
    run = 0.0
    for idx in torch.randperm(len(x)).split(100):
        loss = nn.functional.mse_loss(net(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        run += loss.item() / 30
    if epoch % 5 == 4:
        with torch.no_grad():
            mse = nn.functional.mse_loss(net(xv), yv)
        print(f"{epoch + 1:3d} train {run:.5f} valid {mse:.5f}")
