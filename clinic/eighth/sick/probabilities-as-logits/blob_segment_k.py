"""Segment bright blobs in noisy images with a tiny U-shaped network; reports intersection over union."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def scenes(n, s=20):
    g = torch.arange(float(s))
    mask = torch.zeros(n, s, s)
    for _ in range(3):
        c, r = torch.rand(n, 2, 1, 1) * (s - 6) + 3, torch.rand(n, 1, 1) * 2 + 1.5
        mask = torch.maximum(mask, ((g[None, :, None] - c[:, 0]) ** 2 + (g[None, None] - c[:, 1]) ** 2 < r ** 2).float())
    img = mask - 0.15 + 0.7 * torch.randn(n, s, s)
    return img[:, None], mask[:, None]


class MiniUNet(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.a = nn.Conv2d(1, c, 3, padding=1)
        self.b = nn.Conv2d(c, 2 * c, 3, padding=1)
        self.c = nn.Conv2d(3 * c, c, 3, padding=1)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        a = F.relu(self.a(x))
        b = F.relu(self.b(F.max_pool2d(a, 2)))
        up = F.interpolate(b, scale_factor=2)
        h = F.relu(self.c(torch.cat([a, up], 1)))
        return torch.sigmoid(self.out(h))


def iou(pred, mask):
    p = pred > 0.5
    return ((p & (mask > 0.5)).sum() / (p | (mask > 0.5)).sum().clamp(min=1)).item()


torch.manual_seed(1)
net = MiniUNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCELoss()
vi, vm = scenes(200)
for step in range(1, 241):
    img, mask = scenes(16)
    loss = criterion(net(img), mask)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 24 == 0:
        with torch.no_grad():
            print(f"step {step} loss {loss.item():.4f} IoU {iou(net(vi), vm):.3f}")
