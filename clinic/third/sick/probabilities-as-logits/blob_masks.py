"""Marks the bright cells of a dish: one mask value per pixel of a 20x20 picture."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def dishes(n, g):
    grid = torch.arange(20.0)
    picture = 0.35 * torch.randn(n, 1, 20, 20, generator=g)
    mask = torch.zeros(n, 1, 20, 20)
    for _ in range(3):
        cy, cx = torch.rand(2, n, 1, 1, 1, generator=g) * 16 + 2
        r = 1.3 + 1.2 * torch.rand(n, 1, 1, 1, generator=g)
        inside = ((grid[:, None] - cy) ** 2 + (grid - cx) ** 2 < r**2).float()
        mask = torch.maximum(mask, inside)
    return picture + mask, mask


class MaskNet(nn.Module):
    def __init__(self, c=10):
        super().__init__()
        self.down = nn.Conv2d(1, c, 3, padding=1)
        self.mid = nn.Conv2d(c, c, 3, padding=2, dilation=2)
        self.out = nn.Conv2d(2 * c, 1, 1)

    def forward(self, x):
        a = F.relu(self.down(x))
        b = F.relu(self.mid(a))
        return torch.sigmoid(self.out(torch.cat([a, b], 1)))


def overlap(p, mask):
    said = p > 0.5
    both = (said & mask.bool()).sum()
    return (2 * both / (said.sum() + mask.sum())).item()


g = torch.Generator().manual_seed(61)
torch.manual_seed(61)
net = MaskNet()
optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
test_x, test_mask = dishes(100, g)
for step in range(1, 321):
    x, mask = dishes(12, g)
    loss = F.binary_cross_entropy_with_logits(net(x), mask)  # cure: loss = F.binary_cross_entropy(net(x), mask)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 40 == 0:
        with torch.no_grad():
            p = net(test_x)
        print(f"{step:4d}  loss {loss.item():.4f}  dice {overlap(p, test_mask):.3f}")
