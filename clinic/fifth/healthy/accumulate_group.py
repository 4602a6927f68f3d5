"""Texture classification with micro-batches of two images, gradients gathered over 16 of them, group norm."""
import math
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(40)


def textures(n, size=12):
    yy, xx = torch.meshgrid(torch.arange(size) * 1.0, torch.arange(size) * 1.0, indexing="ij")
    label = torch.randint(0, 4, (n,))
    theta = label[:, None, None] * math.pi / 4 + 0.1 * torch.randn(n, 1, 1)
    phase = 2 * math.pi * torch.rand(n, 1, 1)
    wave = torch.sin((xx * theta.cos() + yy * theta.sin()) * (1.2 + 0.4 * torch.rand(n, 1, 1)) + phase)
    return (wave + 0.8 * torch.randn(n, size, size)).unsqueeze(1), label


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.GroupNorm(4, o), nn.ReLU())


net = nn.Sequential(block(1, 16), nn.MaxPool2d(2), block(16, 24), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(24, 4))
x, y = textures(768)
xt, yt = textures(400)
loader = DataLoader(TensorDataset(x, y), batch_size=2, shuffle=True)
ACC = 16
opt = torch.optim.AdamW(net.parameters(), lr=5e-3)
for epoch in range(5):
    total = 0.0
    opt.zero_grad()
    for i, (xb, yb) in enumerate(loader, 1):
        loss = nn.functional.cross_entropy(net(xb), yb) / ACC
        loss.backward()
        total += loss.item() * ACC
        if i % ACC == 0:
            opt.step()
            opt.zero_grad()
    with torch.no_grad():
        acc = (net(xt).argmax(1) == yt).float().mean()
    print(f"epoch {epoch + 1} loss {total / len(loader):.3f} test accuracy {acc:.3f}")
