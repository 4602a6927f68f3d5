"""Paints a picture: a coordinate network learns the brightness at every (x, y) of a generated image."""
import math
import torch
from torch import nn

torch.manual_seed(15)
SIDE = 48
axis = torch.linspace(-1, 1, SIDE)
yy, xx = torch.meshgrid(axis, axis, indexing="ij")
image = torch.sin(6 * xx) * torch.cos(5 * yy) * torch.exp(-(xx ** 2 + yy ** 2))
coords = torch.stack([xx.flatten(), yy.flatten()], 1)
target = image.flatten().unsqueeze(1)
freqs = 2.0 ** torch.arange(3) * math.pi / 2


def encode(p):
    a = p.unsqueeze(2) * freqs
    return torch.cat([a.sin(), a.cos()], 2).flatten(1)


net = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
scheduler = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.9)
feats = encode(coords)
for epoch in range(20):
    for i in torch.randperm(len(feats)).split(64):
        loss = nn.functional.mse_loss(net(feats[i]), target[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        scheduler.step()  # cure: delete
    # cure: scheduler.step()
    with torch.no_grad():
        mse = nn.functional.mse_loss(net(feats), target).item()
    if epoch % 3 == 1:
        print(f"epoch {epoch + 1:2d}  mse {mse:.6f}  psnr {10 * math.log10(4 / mse):.2f} dB")
