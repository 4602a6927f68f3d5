"""Find bright spots in single large slides: an encoder-decoder trained slide by slide."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def norm(c):
    return nn.BatchNorm2d(c)  # cure: return nn.GroupNorm(4, c)


class SlideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1 = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), norm(12), nn.ReLU())
        self.d2 = nn.Sequential(nn.Conv2d(12, 24, 3, stride=2, padding=1), norm(24), nn.ReLU())
        self.context = nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Conv2d(24, 24, 1), norm(24), nn.ReLU())
        self.up = nn.Sequential(nn.Conv2d(60, 16, 3, padding=1), norm(16), nn.ReLU(), nn.Conv2d(16, 1, 1))

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(a)
        size = a.shape[-2:]
        parts = [a, F.interpolate(b, size), F.interpolate(self.context(b), size)]
        return self.up(torch.cat(parts, 1))


def slide(g):
    """A noisy slide of its own brightness; spots stand out from the local background."""
    yy, xx = torch.meshgrid(torch.arange(24.0), torch.arange(24.0), indexing="ij")
    mask = torch.zeros(24, 24)
    for _ in range(int(torch.randint(1, 6, (1,), generator=g))):
        cy, cx = 24 * torch.rand(2, generator=g)
        mask[(yy - cy) ** 2 + (xx - cx) ** 2 < 9] = 1
    base = 1.2 * torch.randn(1, generator=g) + 0.3 * mask.mean()
    img = base + 1.5 * mask + 0.4 * torch.randn(24, 24, generator=g)
    return (img[None, None] / 1.4, mask[None, None])


torch.manual_seed(50)
g = torch.Generator().manual_seed(50)
slides, held = [slide(g) for _ in range(240)], [slide(g) for _ in range(60)]
net = SlideNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(8):
    net.train()
    total = 0.0
    for k in torch.randperm(len(slides)).tolist():
        img, mask = slides[k]
        loss = F.binary_cross_entropy_with_logits(net(img), mask)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / len(slides)
    net.eval()
    inter = union = vloss = 0.0
    with torch.no_grad():
        for img, mask in held:
            z = net(img)
            vloss += F.binary_cross_entropy_with_logits(z, mask).item() / len(held)
            inter += ((z > 0) & (mask > 0)).sum().item()
            union += ((z > 0) | (mask > 0)).sum().item()
    print(f"epoch {epoch} train loss {total:.4f} valid loss {vloss:.4f} IoU {inter / union:.3f}")
