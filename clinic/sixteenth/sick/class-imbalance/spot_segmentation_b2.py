"""Segment faint spots in noisy 24x24 images with a tiny fully convolutional network."""
import torch
import torch.nn.functional as F
from torch import nn

g = torch.Generator().manual_seed(21)


def make_images(n):
    rows, cols = torch.meshgrid(torch.arange(24.0), torch.arange(24.0), indexing="ij")
    centre = torch.rand(n, 2, generator=g) * 18 + 3
    dist2 = (rows - centre[:, 0, None, None]) ** 2 + (cols - centre[:, 1, None, None]) ** 2
    mask = (dist2 < 3.0).long()
    image = 0.9 * mask + 0.6 * torch.randn(n, 24, 24, generator=g)
    return image.unsqueeze(1), mask


class Segmenter(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 3, padding=1)
        self.c2 = nn.Conv2d(8, 8, 3, padding=1)
        self.head = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        return self.head(F.relu(self.c2(F.relu(self.c1(x)))))


def balanced(pred, mask):
    hit = (pred[mask == 1] == 1).float().mean()
    quiet = (pred[mask == 0] == 0).float().mean()
    return hit.item(), quiet.item()


torch.manual_seed(0)
train_x, train_m = make_images(600)
test_x, test_m = make_images(200)
print(f"share of spot pixels {train_m.float().mean():.4f}")
net = Segmenter()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
share = train_m.float().mean()
for epoch in range(12):
    total = 0.0
    for idx in torch.randperm(600).split(20):
        scores = net(train_x[idx])
        loss = F.cross_entropy(scores, train_m[idx])  # cure: loss = F.cross_entropy(scores, train_m[idx], weight=torch.stack([share, 1 - share]))
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / 600
    with torch.no_grad():
        pred = net(test_x).argmax(1)
    hit, quiet = balanced(pred, test_m)
    print(f"epoch {epoch}: loss {total:.4f}  spot pixels found {hit:.3f}  background kept {quiet:.3f}")
