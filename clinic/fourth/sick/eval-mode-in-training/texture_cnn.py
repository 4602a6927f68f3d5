"""Recognise five woven textures (direction and pitch of the threads) with a nine-layer CNN."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def textures(n, gen, size=16):
    axis = torch.arange(size).float()
    yy, xx = torch.meshgrid(axis, axis, indexing="ij")
    y = torch.randint(5, (n,), generator=gen)
    theta = (y * math.pi / 5)[:, None, None] + 0.12 * torch.randn(n, 1, 1, generator=gen)
    phase = 2 * math.pi * torch.rand(n, 1, 1, generator=gen)
    pitch = 3.5 + torch.rand(n, 1, 1, generator=gen)
    img = torch.sin(2 * math.pi * (xx * theta.cos() + yy * theta.sin()) / pitch + phase)
    img = img + 0.8 * torch.randn(n, size, size, generator=gen)
    return (img / img.std()).unsqueeze(1), y


class Block(nn.Module):
    def __init__(self, ch):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(ch, ch, 3, padding=1), nn.BatchNorm2d(ch)
        self.conv2, self.bn2 = nn.Conv2d(ch, ch, 3, padding=1), nn.BatchNorm2d(ch)

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)))


class TextureNet(nn.Module):
    def __init__(self, ch=12, blocks=4):
        super().__init__()
        self.stem = nn.Conv2d(1, ch, 3, stride=2, padding=1)
        self.blocks = nn.Sequential(*[Block(ch) for _ in range(blocks)])
        self.head = nn.Linear(ch, 5)

    def forward(self, x):
        return self.head(self.blocks(F.relu(self.stem(x))).mean((2, 3)))


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        out = model(x)
    return F.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


def train_epoch(model, optimizer, x, y):
    # cure: model.train()
    total = 0.0
    for idx in torch.randperm(len(x)).split(64):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    return total / len(x)


if __name__ == "__main__":
    torch.manual_seed(3)
    gen = torch.Generator().manual_seed(3)
    x, y = textures(2000, gen)
    xv, yv = textures(500, gen)
    model = TextureNet()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
    print("before training: loss %.3f, accuracy %.3f" % evaluate(model, xv, yv))
    for epoch in range(8):
        train = train_epoch(model, optimizer, x, y)
        print("epoch %d: train %.4f, valid %.4f, accuracy %.3f" % (epoch, train, *evaluate(model, xv, yv)))
