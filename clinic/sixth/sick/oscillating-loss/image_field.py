"""Coordinate network: store one 8x8 digit (upsampled) as a function (row, column) -> grey value."""
import math
import torch
import torch.nn as nn
from sklearn.datasets import load_digits


class Field(nn.Module):
    def __init__(self, freqs=4, width=48):
        super().__init__()
        self.register_buffer("f", math.pi * 2.0 ** torch.arange(freqs) / 2)
        self.net = nn.Sequential(nn.Linear(4 * freqs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, rc):
        a = (rc[..., None] * self.f).flatten(1)
        return self.net(torch.cat([a.sin(), a.cos()], 1)).squeeze(1)


def psnr(mse):
    return -10 * math.log10(max(mse, 1e-12))


def main(epochs=60, lr=0.05):
    torch.manual_seed(50)
    img = torch.tensor(load_digits().images[5] / 16, dtype=torch.float32)
    img = nn.functional.interpolate(img[None, None], size=(32, 32), mode="bicubic", align_corners=True)[0, 0].clamp(0, 1)
    axis = torch.linspace(-1, 1, 32)
    rc = torch.cartesian_prod(axis, axis)
    grey = img.flatten()
    net = Field()
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    per_epoch = math.ceil(len(rc) / 64)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs * per_epoch)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(rc)).split(64):
            loss = nn.functional.mse_loss(net(rc[idx]), grey[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            # cure: sched.step()
            total += loss.item() * len(idx)
        if epoch % 2 == 1:
            with torch.no_grad():
                full = nn.functional.mse_loss(net(rc), grey).item()
            print(f"epoch {epoch + 1} loss {total / len(rc):.5f} full picture {full:.5f} psnr {psnr(full):.2f} dB")


main()
