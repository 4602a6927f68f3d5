"""Segments bright discs in noisy 16x16 pictures with a small encoder-decoder network."""
import torch
import torch.nn as nn

torch.manual_seed(33)
S = 16


def pictures(n):
    gy, gx = torch.meshgrid(torch.arange(S), torch.arange(S), indexing="ij")
    cx, cy = 3 + 10 * torch.rand(n, 1, 1), 3 + 10 * torch.rand(n, 1, 1)
    r = 2.5 + 2.5 * torch.rand(n, 1, 1)
    mask = ((gx - cx) ** 2 + (gy - cy) ** 2 < r ** 2).float()
    img = mask + 0.5 * torch.randn(n, S, S)
    return ((img - img.mean()) / img.std()).unsqueeze(1), mask.unsqueeze(1)


class SegNet(nn.Module):
    def __init__(self, c=10):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, c, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.mid = nn.Sequential(nn.Conv2d(c, 2 * c, 3, padding=1), nn.ReLU())
        self.up = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.last = nn.Conv2d(c + 1, 1, 3, padding=1)

    def forward(self, x):
        h = torch.relu(self.up(self.mid(self.down(x))))
        mask = self.last(torch.cat([h, x], 1))
        return torch.sigmoid(mask)  # cure: return mask


def iou(out, mask):
    pred = out > 0
    inter = (pred & mask.bool()).sum((1, 2, 3))
    union = (pred | mask.bool()).sum((1, 2, 3))
    return (inter / union.clamp(min=1)).mean().item()


x, m = pictures(600)
xv, mv = pictures(150)
net = SegNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(1, 11):
    total = 0
    for idx in torch.randperm(len(x)).split(20):
        loss = criterion(net(x[idx]), m[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    with torch.no_grad():
        print(f"epoch {epoch:2d}  loss {total:.4f}  IoU {iou(net(xv), mv):.3f}")
