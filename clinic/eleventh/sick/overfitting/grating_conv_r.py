"""Find weak gratings in noisy patches (horizontal, vertical, diagonal) with a CNN and 200 patches that volunteers labelled."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

EPOCHS = 40  # cure: EPOCHS = 12


def patches(n, size=12):
    y = torch.randint(3, (n,))
    g = torch.arange(size).float()
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    angle = torch.tensor([0.0, math.pi / 2, math.pi / 4])[y].view(-1, 1, 1)
    wave = torch.sin(2 * math.pi / 4 * (xx * angle.cos() + yy * angle.sin()) + 6.3 * torch.rand(n, 1, 1))
    slip = torch.rand(n) < 0.15
    y = torch.where(slip, torch.randint(3, (n,)), y)
    return (0.7 * wave + torch.randn(n, size, size)).unsqueeze(1), y


class PatchNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 24, 5, padding=2)
        self.conv2 = nn.Conv2d(24, 48, 3)
        self.fc1 = nn.Linear(48 * 25, 128)
        self.fc2 = nn.Linear(128, 3)

    def forward(self, x):
        x = F.relu(self.conv2(F.relu(self.conv(x))))
        return self.fc2(F.relu(self.fc1(F.max_pool2d(x, 2).flatten(1))))


def main():
    torch.manual_seed(22)
    x, y = patches(200)
    xv, yv = patches(300)
    net = PatchNet()
    opt = torch.optim.Adam(net.parameters(), lr=5e-4)
    for epoch in range(1, EPOCHS + 1):
        total = 0.0
        for i in torch.randperm(len(x)).split(25):
            loss = F.cross_entropy(net(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(i) / len(x)
        with torch.no_grad():
            out = net(xv)
        if epoch % 4 == 0 or epoch == EPOCHS:
            print(f"epoch {epoch:3d} train {total:.4f} val {F.cross_entropy(out, yv).item():.4f} "
                  f"val acc {(out.argmax(1) == yv).float().mean().item():.3f}")


main()
