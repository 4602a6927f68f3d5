"""Segment round cells on a noisy background with a small encoder-decoder; report the overlap (IoU)."""
import torch
import torch.nn as nn


def scene(n, size=24):
    yy, xx = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    mask = torch.zeros(n, size, size, dtype=torch.bool)
    for _ in range(2):
        cy, cx = torch.rand(2, n, 1, 1) * (size - 8) + 4
        r = 2 + 2 * torch.rand(n, 1, 1)
        mask |= (yy - cy) ** 2 + (xx - cx) ** 2 < r ** 2
    img = mask.float() * 1.2 + torch.randn(n, size, size)
    return (img - img.mean()) / img.std(), mask.float()


class MiniUNet(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, c, 3, padding=1), nn.ReLU(), nn.Conv2d(c, c, 3, padding=1), nn.ReLU())
        self.deep = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(c, 2 * c, 3, padding=1), nn.ReLU(),
                                  nn.Conv2d(2 * c, c, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2))
        self.head = nn.Conv2d(2 * c, 1, 3, padding=1)

    def forward(self, x):
        a = self.down(x.unsqueeze(1))
        return self.head(torch.cat([a, self.deep(a)], 1)).squeeze(1)

    def predict(self, x):
        return torch.sigmoid(self(x))


def iou(p, y):
    hit = (p > 0.5) & y.bool()
    return hit.sum().item() / ((p > 0.5) | y.bool()).sum().item()


torch.manual_seed(0)
train_x, train_y = scene(600)
test_x, test_y = scene(150)
net = MiniUNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(8):
    tot = 0.0
    for i in torch.randperm(600).split(30):
        loss = criterion(net.predict(train_x[i]), train_y[i])  # cure: loss = criterion(net(train_x[i]), train_y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 20
    with torch.no_grad():
        print(f"epoch {epoch + 1} loss {tot:.4f} IoU {iou(net.predict(test_x), test_y):.3f}")
