"""Tells four kinds of machine vibration apart with a deep one-dimensional convolutional network."""

import torch
from torch import nn

torch.manual_seed(5)


def recordings(n):
    kind = torch.randint(0, 4, (n,))
    t = torch.linspace(0, 1, 48)
    phase = torch.rand(n, 1) * 6.28
    base = torch.sin(2 * torch.pi * (4 + kind[:, None] % 2) * t + phase)
    second = torch.where(kind[:, None] >= 2, 1.0, 0.0) * torch.sin(2 * torch.pi * 9 * t + 2 * phase)
    return (base + second + 0.3 * torch.randn(n, 48))[:, None], kind


def stage(i, o, stride=1):
    return nn.Sequential(nn.Conv1d(i, o, 3, stride, 1, bias=False), nn.BatchNorm1d(o), nn.ReLU())


net = nn.Sequential(
    stage(1, 12),
    stage(12, 12),
    stage(12, 12),
    stage(12, 16, 2),
    stage(16, 16),
    stage(16, 16),
    stage(16, 24, 2),
    stage(24, 24),
    stage(24, 24),
    nn.AdaptiveAvgPool1d(1),
    nn.Flatten(),
    nn.Linear(24, 4),
)
x, y = recordings(1600)
valid_x, valid_y = recordings(400)
loss_of = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)


def check():
    net.eval()
    with torch.no_grad():
        logits = net(valid_x)
    return loss_of(logits, valid_y).item(), (logits.argmax(1) == valid_y).float().mean().item()


print("before training: loss %.3f, accuracy %.2f" % check())
for epoch in range(10):
    # cure: net.train()
    for batch in torch.randperm(len(x)).split(32):
        loss = loss_of(net(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()
    print(f"epoch {epoch}: batch loss {loss.item():.3f}, " + "valid loss %.3f, accuracy %.2f" % check())
