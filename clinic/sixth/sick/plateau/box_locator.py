"""Locate the bright rectangle in a 16x16 picture; the box is trained on its overlap (IoU)."""
import torch
import torch.nn as nn

torch.manual_seed(61)


def scenes(n):
    wh = torch.randint(4, 9, (n, 2))
    xy = (torch.rand(n, 2) * (17 - wh)).floor().long()
    grid = torch.arange(16)
    inx = (grid >= xy[:, :1]) & (grid < (xy + wh)[:, :1])
    iny = (grid >= xy[:, 1:]) & (grid < (xy + wh)[:, 1:])
    img = (iny[:, :, None] & inx[:, None, :]).float() + 0.2 * torch.randn(n, 16, 16)
    return img[:, None], torch.cat([xy, xy + wh], 1) / 16


def iou(a, b):
    lo, hi = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])
    inter = (hi - lo).clamp(min=0).prod(1)
    area = lambda r: (r[:, 2:] - r[:, :2]).prod(1)
    return inter / (area(a) + area(b) - inter)


class Locator(nn.Module):
    def __init__(self, start):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(),
                                 nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 4))
        self.register_buffer("start", torch.tensor(start))

    def forward(self, img):
        p = self.net(img)
        centre, size = p[:, :2] + self.start[:2], self.start[2:] * torch.exp(p[:, 2:])
        return torch.cat([centre - size / 2, centre + size / 2], 1)


img, box = scenes(1500)
vimg, vbox = scenes(300)
model = Locator([8.0, 8.0, 6.0, 6.0])  # cure: model = Locator([0.5, 0.5, 0.4, 0.4])
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 16):
    tot = 0.0
    for idx in torch.randperm(len(img)).split(50):
        loss = (1 - iou(model(img[idx]), box[idx])).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx)
    with torch.no_grad():
        print(f"epoch {epoch} loss {tot / len(img):.4f} validation IoU {iou(model(vimg), vbox).mean():.4f}")
