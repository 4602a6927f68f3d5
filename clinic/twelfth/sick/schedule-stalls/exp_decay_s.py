"""A coordinate network (random Fourier features) learns a synthetic grey image."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def image(size=64):
    c = torch.linspace(-1, 1, size)
    y, x = torch.meshgrid(c, c, indexing="ij")
    r = (x ** 2 + y ** 2).sqrt()
    pixels = 0.5 + 0.3 * torch.cos(9 * r) + 0.2 * torch.sin(6 * x) * (y > 0.2)
    return torch.stack([x, y], -1).reshape(-1, 2), pixels.reshape(-1, 1)


class CoordinateNet(nn.Module):
    def __init__(self, features=48, hidden=64):
        super().__init__()
        self.register_buffer("freq", torch.randn(2, features) * 1.5)
        self.net = nn.Sequential(nn.Linear(2 * features, hidden), nn.ReLU(),
                                 nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, xy):
        z = math.pi * xy @ self.freq
        return self.net(torch.cat([z.sin(), z.cos()], -1))


torch.manual_seed(16)
coords, values = image()
held = torch.zeros(len(coords), dtype=torch.bool)
held[::9] = True
loader = DataLoader(TensorDataset(coords[~held], values[~held]), batch_size=128, shuffle=True)
model = CoordinateNet()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.85)

for epoch in range(1, 21):
    total = 0.0
    for xy, v in loader:
        loss = nn.functional.mse_loss(model(xy), v)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()  # cure: delete
        total += loss.item() * len(xy)
    # cure: scheduler.step()
    with torch.no_grad():
        test = nn.functional.mse_loss(model(coords[held]), values[held]).item()
    psnr = -10 * math.log10(test)
    print(f"epoch {epoch:2d}  train mse {total / int((~held).sum()):.5f}  held-out psnr {psnr:.2f} dB")
