"""Segmentation: mark the pixels of bright blobs in noisy 20x20 images with a small fully convolutional network."""
import torch
from torch import nn

torch.manual_seed(24)


def blobs(n, size=20):
    g = torch.arange(size).float()
    img, mask = torch.zeros(n, size, size), torch.zeros(n, size, size)
    for k in range(n):
        for _ in range(torch.randint(1, 3, ()).item()):
            cy, cx = (torch.rand(2) * (size - 6) + 3).tolist()
            d2 = (g[:, None] - cy) ** 2 + (g[None] - cx) ** 2
            img[k] += 1.5 * torch.exp(-d2 / 8)
            mask[k][d2 < 6] = 1
    img += 0.5 * torch.randn_like(img)
    return ((img - 0.1) / 0.6).unsqueeze(1), mask.unsqueeze(1)


class Segmenter(nn.Module):
    def __init__(self, ch=12):
        super().__init__()
        self.a = nn.Conv2d(1, ch, 5, padding=2)
        self.b = nn.Conv2d(ch, ch, 3, padding=1)
        self.c = nn.Conv2d(ch, 1, 1)

    def forward(self, x):
        x = torch.relu(self.a(x))
        x = torch.relu(self.b(x))
        return torch.sigmoid(self.c(x))  # cure: return self.c(x)

    def predict(self, x):
        return self(x) > 0.5  # cure: return torch.sigmoid(self(x)) > 0.5


def dice(pred, true):
    inter = (pred & (true > 0.5)).sum().item()
    return 2 * inter / (pred.sum().item() + true.sum().item() + 1e-9)


x, m = blobs(300)
xv, mv = blobs(80)
net = Segmenter()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(1, 9):
    losses = []
    for i in torch.randperm(len(x)).split(15):
        opt.zero_grad()
        loss = criterion(net(x[i]), m[i])
        loss.backward()
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4f}, valid loss {criterion(net(xv), mv).item():.4f}, dice {dice(net.predict(xv), mv):.3f}")
