"""Tell stripes of six directions apart with a tiny all-convolutional network."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def stripes(n):
    label = torch.randint(0, 6, (n,))
    angle = label * math.pi / 6
    yy, xx = torch.meshgrid(torch.arange(12.0), torch.arange(12.0), indexing="ij")
    wave = torch.cos(angle)[:, None, None] * xx + torch.sin(angle)[:, None, None] * yy
    phase = torch.rand(n, 1, 1) * 2 * math.pi
    img = torch.sin(wave * 1.6 + phase) + 0.5 * torch.randn(n, 12, 12)
    return img.unsqueeze(1), label


class StripeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3)
        self.score = nn.Conv2d(16, 6, 1)
        # start from a neutral smoothing filter and neutral scores
        nn.init.constant_(self.conv.weight, 1 / 9)  # cure: nn.init.kaiming_normal_(self.conv.weight)
        nn.init.zeros_(self.conv.bias)
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, x):
        return self.score(F.relu(self.conv(x))).mean((2, 3))


torch.manual_seed(0)
x, y = stripes(2000)
x_val, y_val = stripes(500)
loader = DataLoader(TensorDataset(x, y), batch_size=50, shuffle=True)
net = StripeNet()
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(12):
    seen = 0.0
    for xb, yb in loader:
        loss = F.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen += loss.item()
    with torch.no_grad():
        out = net(x_val)
    print(f"epoch {epoch + 1}: loss {seen / len(loader):.4f} | val loss {F.cross_entropy(out, y_val):.4f}"
          f" | val acc {(out.argmax(1) == y_val).float().mean():.3f}")
