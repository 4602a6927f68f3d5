"""Segment bright blobs with a small encoder-decoder, trained with the soft Dice loss."""
import torch
from torch import nn


def batch(n, g):
    grid = torch.stack(torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij"))
    mask = torch.zeros(n, 16, 16)
    for _ in range(2):
        c = torch.rand(n, 2, 1, 1, generator=g) * 12 + 2
        r = torch.rand(n, 1, 1, generator=g) * 2 + 2
        mask = torch.maximum(mask, (((grid - c) ** 2).sum(1) < r ** 2).float())
    image = mask + 0.7 * torch.randn(n, 16, 16, generator=g) - 0.25
    return image.unsqueeze(1), mask.unsqueeze(1)


def soft_dice_loss(p, target, eps=1.0):
    inter = (p * target).sum((1, 2, 3))
    size = p.sum((1, 2, 3)) + target.sum((1, 2, 3))
    return (1 - (2 * inter + eps) / (size + eps)).mean()


class EncoderDecoder(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.inc = nn.Sequential(nn.Conv2d(1, c, 3, padding=1), nn.ReLU())
        self.down = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(c, 2 * c, 3, padding=1), nn.ReLU())
        self.up = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.out = nn.Conv2d(2 * c, 1, 1)

    def forward(self, x):
        a = self.inc(x)
        return self.out(torch.cat([a, torch.relu(self.up(self.down(a)))], 1))


torch.manual_seed(41)
g = torch.Generator().manual_seed(41)
x, m = batch(800, g)
xv, mv = batch(200, g)
net = EncoderDecoder()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(10):
    net.train()
    seen = []
    for idx in torch.randperm(800).split(32):
        loss = soft_dice_loss(net(x[idx]), m[idx])  # cure: loss = soft_dice_loss(net(x[idx]).sigmoid(), m[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen.append(loss.item())
    net.eval()
    with torch.no_grad():
        pred = (net(xv) > 0).float()
        iou = (pred * mv).sum() / torch.maximum(pred, mv).sum()
    print(f"epoch {epoch} loss {sum(seen) / len(seen):.4f} valid IoU {iou:.3f} foreground {pred.mean():.3f} of {mv.mean():.3f}")
