"""Estimates how densely a 16x16 patch of film is covered with grains. Gradients are accumulated over micro-batches so that
each update sees 32 patches."""
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(65)
MICRO, ACCUMULATE = 2, 16  # cure: MICRO, ACCUMULATE = 32, 1


def patches(n):
    density = torch.rand(n)
    grains = (torch.rand(n, 1, 16, 16) < 0.05 + 0.3 * density[:, None, None, None]).float()
    spread = F.avg_pool2d(grains, 3, stride=1, padding=1) + 0.5 * grains
    return (spread - 0.38) / 0.35 + 0.3 * torch.randn(n, 1, 16, 16), (density - 0.5) / 0.29


class DensityNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 12, 3, padding=1, bias=False), nn.BatchNorm2d(12), nn.ReLU(), nn.AvgPool2d(2),
            nn.Conv2d(12, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
        )
        self.out = nn.Linear(24, 1)

    def forward(self, x):
        return self.out(self.features(x).flatten(1)).squeeze(1)


train = DataLoader(TensorDataset(*patches(1600)), batch_size=MICRO, shuffle=True)
x_valid, y_valid = patches(400)
model = DensityNet()
optimizer = torch.optim.Adam(model.parameters(), lr=1.5e-3)
for epoch in range(1, 16):
    model.train()
    total = 0.0
    optimizer.zero_grad()
    for count, (x, y) in enumerate(train, start=1):
        loss = F.mse_loss(model(x), y)
        (loss / ACCUMULATE).backward()
        total += loss.item() / len(train)
        if count % ACCUMULATE == 0:
            optimizer.step()
            optimizer.zero_grad()
    model.eval()
    with torch.no_grad():
        valid = F.mse_loss(model(x_valid), y_valid).item()
    print(f"epoch {epoch:2d}  train {total:.4f}  valid {valid:.4f}")
