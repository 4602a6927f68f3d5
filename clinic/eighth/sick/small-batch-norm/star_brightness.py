"""Estimate the brightness of a star from its 12x12 stamp with a batch-normalised CNN."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(33)
SIDE = 12


def stamps(n):
    g = torch.arange(SIDE) - SIDE / 2 + 0.5
    flux = torch.rand(n) * 3.4 - 1.7
    cx, cy = torch.rand(2, n, 1, 1) * 4 - 2
    r2 = (g[None, None, :] - cx) ** 2 + (g[None, :, None] - cy) ** 2
    img = (2.5 + flux)[:, None, None] * torch.exp(-r2 / 6) + 0.1 * torch.randn(n, SIDE, SIDE)
    return ((img - 0.3) / 0.6).unsqueeze(1), flux


class Photometer(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(1, 12, 3, padding=1), nn.BatchNorm2d(12)
        self.c2, self.b2 = nn.Conv2d(12, 16, 3, padding=1, stride=2), nn.BatchNorm2d(16)
        self.fc = nn.Linear(16, 1)

    def forward(self, x):
        x = F.relu(self.b1(self.c1(x)))
        x = F.relu(self.b2(self.c2(x)))
        return self.fc(x.mean((2, 3))).squeeze(1)


train_x, train_y = stamps(1000)
test_x, test_y = stamps(300)
model = Photometer()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 6, eta_min=3e-4)
for epoch in range(6):
    model.train()
    total = 0.0
    for idx in torch.randperm(1000).split(1):  # cure: for idx in torch.randperm(1000).split(25):
        loss = F.mse_loss(model(train_x[idx]), train_y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    scheduler.step()
    model.eval()
    with torch.no_grad():
        test = F.mse_loss(model(test_x), test_y).item()
    print(f"epoch {epoch}: train mse {total / 1000:.4f} test mse {test:.4f}")
