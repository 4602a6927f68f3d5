"""Per-pixel labelling of noisy pictures with a disc and a square into background, disc, square."""
import torch
import torch.nn as nn

SIDE = 20


def pictures(n, g):
    yy, xx = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    c = torch.randint(4, SIDE - 4, (n, 4, 1, 1), generator=g)
    disc = (yy - c[:, 0]) ** 2 + (xx - c[:, 1]) ** 2 <= 16
    square = ((yy - c[:, 2]).abs() <= 3) & ((xx - c[:, 3]).abs() <= 3)
    mask = torch.where(square, 2, torch.where(disc, 1, 0))
    image = torch.tensor([-1.0, 0.0, 1.0])[mask] + 0.6 * torch.randn(n, SIDE, SIDE, generator=g)
    return image.unsqueeze(1), mask


class SegNet(nn.Module):
    def __init__(self, ch=12):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, ch, 3, padding=1), nn.ReLU(), nn.Conv2d(ch, ch, 3, padding=1), nn.ReLU())
        self.mid = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(ch, ch, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2))
        self.top = nn.Conv2d(2 * ch, 3, 3, padding=1)

    def forward(self, x):
        a = self.down(x)
        scores = self.top(torch.cat([a, self.mid(a)], 1))
        return scores.softmax(dim=1)  # cure: return scores


def iou(pred, mask):
    return [((pred == k) & (mask == k)).sum().item() / ((pred == k) | (mask == k)).sum().clamp(min=1).item() for k in range(3)]


g = torch.Generator().manual_seed(0)
torch.manual_seed(0)
x, m = pictures(400, g)
xv, mv = pictures(100, g)
model = SegNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 13):
    total = 0.0
    for i in torch.randperm(len(x)).split(20):
        optimizer.zero_grad()
        loss = criterion(model(x[i]), m[i])
        loss.backward()
        optimizer.step()
        total += loss.item() / 20
    with torch.no_grad():
        out = model(xv)
    print(f"epoch {epoch:2d}  loss {total:.4f}  val loss {criterion(out, mv):.4f}  IoU",
          " ".join(f"{v:.3f}" for v in iou(out.argmax(1), mv)))
