"""A CNN reads the orientation of a bar in a small picture, as a point on the unit circle."""
import math

import torch
import torch.nn.functional as F
from torch import nn

SIZE = 16
grid = torch.linspace(-1, 1, SIZE)
GY, GX = torch.meshgrid(grid, grid, indexing="ij")


def draw(theta):
    """Bars through the centre, with a little noise; theta is the direction in which they were drawn."""
    c, s = torch.cos(theta)[:, None, None], torch.sin(theta)[:, None, None]
    across, along = GY * c - GX * s, GY * s + GX * c
    img = torch.exp(-(across / 0.15) ** 2) * (along.abs() < 0.8).float()
    return (img + 0.05 * torch.randn_like(img)).unsqueeze(1)


def encode(theta):
    return torch.stack([theta.cos(), theta.sin()], 1)  # cure: return torch.stack([(2 * theta).cos(), (2 * theta).sin()], 1)


def dataset(n):
    theta = torch.rand(n) * 2 * math.pi
    return draw(theta) - 0.2, encode(theta)


torch.manual_seed(0)
train_x, train_t = dataset(2000)
test_x, test_t = dataset(400)
net = nn.Sequential(
    nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(),
    nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(),
    nn.Flatten(), nn.Dropout(0.1), nn.Linear(16 * 16, 2),
)
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.01)
for epoch in range(8):
    total = 0.0
    net.train()
    for idx in torch.randperm(len(train_x)).split(50):
        loss = F.mse_loss(net(train_x[idx]), train_t[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    net.eval()
    with torch.no_grad():
        out = net(test_x)
        cos = F.cosine_similarity(out, test_t).mean().item()
    print(f"epoch {epoch + 1}  mse {total / len(train_x):.4f}  test mse {F.mse_loss(out, test_t).item():.4f}  cosine {cos:.3f}")
