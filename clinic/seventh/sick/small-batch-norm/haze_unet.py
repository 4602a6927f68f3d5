"""Fully convolutional depth-from-haze: each image is its own batch, the images being large for the card."""
import torch
from torch import nn

torch.manual_seed(70)
SIZE = 16


def scene():
    base = torch.rand(1).item() * 2 - 1
    rows = torch.linspace(-1, 1, SIZE)[:, None].expand(SIZE, SIZE)
    depth = base + 0.5 * torch.randn(1).item() * rows
    photo = torch.tanh(depth) + 0.2 * torch.randn(SIZE, SIZE)
    return photo[None], depth[None]


def block(i, o):
    return [nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]


class DepthNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(*block(1, 12))
        self.mid = nn.Sequential(nn.AvgPool2d(2), *block(12, 24), nn.Upsample(scale_factor=2))
        self.head = nn.Conv2d(36, 1, 1)

    def forward(self, x):
        d = self.down(x)
        return self.head(torch.cat([d, self.mid(d)], 1))


pairs = [scene() for _ in range(560)]
photos, depths = (torch.stack(t) for t in zip(*pairs))
train, held_out = torch.arange(480), torch.arange(480, 560)
IMAGES_PER_STEP = 1  # cure: IMAGES_PER_STEP = 16

net = DepthNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.8)
for epoch in range(6):
    net.train()
    loss_sum = 0.0
    for idx in train[torch.randperm(len(train))].split(IMAGES_PER_STEP):
        loss = (net(photos[idx]) - depths[idx]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        loss_sum += loss.item() * len(idx)
    sched.step()
    net.eval()
    with torch.no_grad():
        mse = (net(photos[held_out]) - depths[held_out]).square().mean().item()
    print(f"epoch {epoch}: train mse {loss_sum / len(train):.4f}, held-out mse {mse:.4f} (variance {depths[held_out].var().item():.3f})")
