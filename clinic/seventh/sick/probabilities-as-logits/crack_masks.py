"""Segment thin cracks in noisy concrete images with a tiny U-Net."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def conv(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.GroupNorm(4, o), nn.ReLU())


class UNet(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.d1, self.d2 = conv(1, c), conv(c, 2 * c)
        self.u1 = conv(3 * c, c)
        self.last = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        b = F.interpolate(b, scale_factor=2.0)
        return self.last(self.u1(torch.cat([a, b], 1)))

    def predict(self, x):
        """Crack probability per pixel."""
        return torch.sigmoid(self(x))


def images(n, size=20):
    g = torch.arange(float(size))
    slope, off = torch.randn(n, 1, 1) * 0.5, 6 + 8 * torch.rand(n, 1, 1)
    line = off + slope * (g - size / 2)[None, None, :] + 1.2 * torch.sin(g / 2 + 6 * torch.rand(n, 1, 1))
    mask = ((g[None, :, None] - line).abs() < 1.2).float()
    img = -1.3 * mask + 0.7 * torch.randn(n, size, size)
    return img.unsqueeze(1), mask.unsqueeze(1)


def dice(p, m):
    p = (p > 0.5).float()
    return (2 * (p * m).sum() / (p.sum() + m.sum() + 1e-6)).item()


if __name__ == "__main__":
    torch.manual_seed(55)
    (x, m), (xv, mv) = images(480), images(100)
    net = UNet()
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    for epoch in range(7):
        net.train()
        losses = []
        for idx in torch.randperm(len(x)).split(16):
            pred = net.predict(x[idx])  # cure: pred = net(x[idx])
            loss = F.binary_cross_entropy_with_logits(pred, m[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        net.eval()
        with torch.no_grad():
            p = net.predict(xv)
            print(f"epoch {epoch} loss {sum(losses) / len(losses):.4f} val dice {dice(p, mv):.4f} val brier {((p - mv) ** 2).mean():.4f}")
