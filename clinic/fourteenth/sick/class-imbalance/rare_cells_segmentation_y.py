"""Mark faint cells in noisy micrographs, pixel by pixel (background, cell)."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def micrographs(n, size=24):
    grid = torch.arange(size).float()
    img = torch.randn(n, 1, size, size) * 0.5
    mask = torch.zeros(n, size, size, dtype=torch.long)
    for k in range(n):
        for _ in range(int(torch.randint(1, 3, (1,)))):
            cy, cx = torch.randint(3, size - 3, (2,))
            d2 = (grid[:, None] - cy) ** 2 + (grid[None, :] - cx) ** 2
            img[k, 0] += 0.75 * torch.exp(-d2 / 3.0)
            mask[k][d2 <= 2.0] = 1
    return img, mask


class SegNet(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, c, 5, padding=2), nn.ReLU(),
            nn.Conv2d(c, c, 5, padding=2), nn.ReLU(),
            nn.Conv2d(c, 2, 1))

    def forward(self, x):
        return self.body(x)


def report(net, img, mask):
    with torch.no_grad():
        found = net(img).argmax(1) == 1
    cell = mask == 1
    return ((found == cell).float().mean().item(), (found & cell).sum().item() / cell.sum().item(),
            (~found & ~cell).sum().item() / (~cell).sum().item())


def train(epochs=10):
    torch.manual_seed(36)
    img, mask = micrographs(400)
    vi, vm = micrographs(100)
    net = SegNet()
    weight = torch.tensor([1.0, 1.0])  # cure: weight = torch.tensor([1.0, (mask == 0).sum() / (mask == 1).sum()])
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(img)).split(10):
            loss = F.cross_entropy(net(img[idx]), mask[idx], weight=weight)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        acc, recall, specificity = report(net, vi, vm)
        print(f"epoch {epoch}: loss {total / 40:.4f} pixel acc {acc:.3f} cell pixels {recall:.3f} background pixels {specificity:.3f}")


train()
