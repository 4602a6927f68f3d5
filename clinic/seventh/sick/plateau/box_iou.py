"""Bounding box regression on synthetic scenes, trained directly on the overlap measure."""
import torch
from torch import nn

torch.manual_seed(26)


def scenes(n, size=24):
    w = 4 + 3 * torch.rand(n, 2)
    c = 7 + (size - 11) * torch.rand(n, 2)
    box = torch.cat([c - w / 2, c + w / 2], 1)
    g = torch.arange(float(size)) + 0.5
    inx = (g > box[:, 0:1]) & (g < box[:, 2:3])
    iny = (g > box[:, 1:2]) & (g < box[:, 3:4])
    img = (iny[:, :, None] & inx[:, None, :]).float() + 0.1 * torch.randn(n, size, size)
    return img.unsqueeze(1), box / size


def overlap_loss(p, t):
    lt, rb = torch.maximum(p[:, :2], t[:, :2]), torch.minimum(p[:, 2:], t[:, 2:])
    inter = (rb - lt).clamp(min=0).prod(1)
    area = lambda b: (b[:, 2:] - b[:, :2]).clamp(min=0).prod(1)
    union = area(p) + area(t) - inter
    iou = inter / (union + 1e-7)
    hull = (torch.maximum(p[:, 2:], t[:, 2:]) - torch.minimum(p[:, :2], t[:, :2])).prod(1)
    score = iou  # cure: score = iou - (hull - union) / hull
    return (1 - score).mean(), iou.mean()


class BoxNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(),
                                      nn.Flatten(), nn.Linear(16 * 36, 48), nn.ReLU())
        self.head = nn.Linear(48, 4)
        with torch.no_grad():
            self.head.weight.mul_(0.1)
            self.head.bias.copy_(torch.tensor([0.0, 0.0, -2.0, -2.0]))

    def forward(self, x):
        o = self.head(self.features(x))
        wh = torch.sigmoid(o[:, 2:])
        return torch.cat([o[:, :2] - wh / 2, o[:, :2] + wh / 2], 1)


x, b = scenes(1200)
xv, bv = scenes(300)
net = BoxNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(14):
    net.train()
    tot = 0.0
    for idx in torch.randperm(len(x)).split(32):
        loss, _ = overlap_loss(net(x[idx]), b[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx)
    net.eval()
    with torch.no_grad():
        print(f"epoch {epoch:2d} loss {tot / len(x):.4f} val IoU {overlap_loss(net(xv), bv)[1].item():.4f}")
