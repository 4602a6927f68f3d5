"""Tell discs, squares and crosses apart in 16x16 images: five-layer CNN, weights drawn by hand."""
import torch
import torch.nn as nn
import torch.nn.functional as F

STD = 1.0  # cure: STD = None


def draw(n):
    kind = torch.randint(0, 3, (n,))
    cx, cy, r = (torch.rand(n, 1, 1) * 6 + 5), (torch.rand(n, 1, 1) * 6 + 5), torch.rand(n, 1, 1) * 2 + 2.5
    g = torch.arange(16.0)
    dx, dy = (g[None, None, :] - cx).abs(), (g[None, :, None] - cy).abs()
    disc = (dx ** 2 + dy ** 2 < r ** 2).float()
    square = ((dx < r) & (dy < r)).float()
    cross = (((dx < 1) & (dy < r)) | ((dy < 1) & (dx < r))).float()
    img = torch.stack([disc, square, cross], 1)[torch.arange(n), kind]
    img = img + 0.3 * torch.randn(n, 16, 16)
    return (img[:, None] - 0.15) / 0.45, kind


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ch = [1, 16, 16, 32, 32, 32]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(ch, ch[1:]))
        self.head = nn.Linear(32, 3)
        for conv in self.convs:
            std = STD or (2 / (9 * conv.in_channels)) ** 0.5
            nn.init.normal_(conv.weight, std=std)
            nn.init.zeros_(conv.bias)

    def forward(self, x):
        for i, conv in enumerate(self.convs):
            x = F.relu(conv(x))
            if i in (1, 3):
                x = F.max_pool2d(x, 2)
        return self.head(x.mean((2, 3)))


torch.manual_seed(14)
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
xv, yv = draw(500)
for step in range(1, 201):
    x, y = draw(32)
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 20 == 0:
        with torch.no_grad():
            out = net(xv)
        print(f"{step} loss {loss.item():.4f} valid loss {F.cross_entropy(out, yv):.4f} acc {(out.argmax(1) == yv).float().mean():.3f}")
