"""Polar coordinates regression: an MLP learns (x, y) -> (radius, angle features); polynomial learning-rate decay."""
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import LambdaLR

torch.manual_seed(20)
EPOCHS, BATCH = 20, 50
xy = torch.randn(2500, 2)
rad = xy.norm(dim=1)
target = torch.stack([rad, xy[:, 0] * xy[:, 1] / rad.pow(2), (xy[:, 0] ** 2 - xy[:, 1] ** 2) / rad.pow(2)], 1)
target = (target - target.mean(0)) / target.std(0)
train_x, train_y, test_x, test_y = xy[:2000], target[:2000], xy[2000:], target[2000:]


class Regressor(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU(), nn.Linear(hidden, 3))

    def forward(self, x):
        return self.net(x)


model = Regressor()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
total_steps = EPOCHS  # cure: total_steps = EPOCHS * (len(train_x) // BATCH)
scheduler = LambdaLR(optimizer, lambda step: max(0.0, 1 - step / total_steps) ** 0.9 + 1e-5)

for epoch in range(1, EPOCHS + 1):
    running = 0.0
    for idx in torch.randperm(len(train_x)).split(BATCH):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(train_x[idx]), train_y[idx])
        loss.backward()
        optimizer.step()
        scheduler.step()
        running += loss.item() * len(idx) / len(train_x)
    if epoch % 2 == 0:
        with torch.no_grad():
            test = nn.functional.mse_loss(model(test_x), test_y).item()
        print(f"epoch {epoch:2d}: train {running:.4f} test {test:.4f}")
