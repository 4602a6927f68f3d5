"""Find the bright discs in noisy pictures: a small segmentation network with batch normalisation."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
SIZE = 24


def pictures(n):
    grid = torch.arange(SIZE).float()
    cx, cy = torch.rand(n, 1, 1) * 16 + 4, torch.rand(n, 1, 1) * 16 + 4
    radius = torch.rand(n, 1, 1) * 3 + 2.5
    disc = ((grid[None, None, :] - cx) ** 2 + (grid[None, :, None] - cy) ** 2 < radius**2).float()
    image = disc + 0.7 * torch.randn(n, SIZE, SIZE)
    return image.unsqueeze(1), disc.unsqueeze(1)


def block(a, b):
    return nn.Sequential(
        nn.Conv2d(a, b, 5, padding=2, bias=False), nn.BatchNorm2d(b, momentum=1e-4), nn.ReLU()
    )  # cure: return nn.Sequential(nn.Conv2d(a, b, 5, padding=2, bias=False), nn.BatchNorm2d(b), nn.ReLU())


class Segmenter(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(block(1, 8), block(8, 12), block(12, 8))
        self.mask = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        return self.mask(self.body(x))


x_valid, y_valid = pictures(100)
model = Segmenter()
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=1e-2)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=240)
for step in range(240):
    model.train()
    x, y = pictures(24)
    loss = F.binary_cross_entropy_with_logits(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    if step % 30 == 29:
        model.eval()
        with torch.no_grad():
            out = model(x_valid)
            guess = out > 0
            overlap = (guess & (y_valid > 0.5)).sum() / (guess | (y_valid > 0.5)).sum()
            valid = F.binary_cross_entropy_with_logits(out, y_valid)
        print(f"step {step + 1}: train {loss.item():.3f}, valid {valid:.3f}, overlap {overlap:.3f}")
