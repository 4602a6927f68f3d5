"""Circles, squares and crosses on 12x12 images: a few convolution stages and a linear classifier."""
import torch
from torch import nn

torch.manual_seed(4)


def draw(kind, cx, cy, r):
    yy, xx = torch.meshgrid(torch.arange(12.0), torch.arange(12.0), indexing="ij")
    dx, dy = (xx - cx).abs(), (yy - cy).abs()
    if kind == 0:
        return ((dx ** 2 + dy ** 2).sqrt() - r).abs() < 0.7
    if kind == 1:
        return (torch.maximum(dx, dy) - r).abs() < 0.7
    return (torch.minimum(dx, dy) < 0.7) & (torch.maximum(dx, dy) < r + 0.7)


def dataset(n):
    kinds = torch.randint(0, 3, (n,))
    imgs = torch.stack([draw(k, *(4 + 4 * torch.rand(2)), 2 + 2 * torch.rand(1).item()).float() for k in kinds.tolist()])
    imgs = imgs + 0.15 * torch.randn_like(imgs)
    return ((imgs - 0.15) / 0.35)[:, None], kinds


class ShapeNet(nn.Module):
    def __init__(self, channels=(6, 8, 8)):
        super().__init__()
        stages, c = [], 1
        for k in channels:
            stages.append(nn.Sequential(nn.Conv2d(c, k, 3, padding=1), nn.ReLU()))
            c = k
        self.stages = stages  # cure: self.stages = nn.ModuleList(stages)
        self.classifier = nn.Linear(c, 3)

    def forward(self, x):
        for stage in self.stages:
            x = stage(x)
        return self.classifier(x.mean((2, 3)))


x, y = dataset(1200)
xt, yt = dataset(400)
net = ShapeNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
for epoch in range(12):
    s = 0.0
    for i in torch.randperm(len(x)).split(40):
        loss = nn.functional.cross_entropy(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() * len(i)
    with torch.no_grad():
        print(f"epoch {epoch + 1} loss {s / len(x):.3f} test acc {(net(xt).argmax(1) == yt).float().mean():.3f}")
