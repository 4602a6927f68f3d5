"""Fit a coordinate network (x, y) -> intensity to a small picture of rings."""
import torch
from torch import nn
import torch.nn.functional as F


class Field(nn.Module):
    def __init__(self, width=96, depth=3):
        super().__init__()
        self.inp = nn.Linear(2, width)
        self.hidden = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.out = nn.Linear(width, 1)

    def forward(self, xy):
        h = self.inp(xy)
        for layer in self.hidden:
            h = layer(h)  # cure: h = F.gelu(layer(h))
        return self.out(h)


class Fitter:
    def __init__(self, side=48, lr=2e-3):
        torch.manual_seed(11)
        g = torch.linspace(-1, 1, side)
        yy, xx = torch.meshgrid(g, g, indexing="ij")
        self.coords = torch.stack([xx, yy], -1).reshape(-1, 2) * 1.7
        r = (xx ** 2 + yy ** 2).sqrt()
        self.target = torch.cos(5 * r).reshape(-1, 1)
        self.net = Field()
        self.opt = torch.optim.AdamW(self.net.parameters(), lr=lr, weight_decay=1e-5)

    def epoch(self, batch=128):
        total = 0.0
        for idx in torch.randperm(len(self.coords)).split(batch):
            loss = F.mse_loss(self.net(self.coords[idx]), self.target[idx])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        return total / len(self.coords)

    def psnr(self):
        with torch.no_grad():
            mse = F.mse_loss(self.net(self.coords), self.target)
        return (10 * torch.log10(4.0 / mse)).item()


if __name__ == "__main__":
    fit = Fitter()
    for e in range(40):
        mse = fit.epoch()
        if e % 4 == 3:
            print(f"epoch {e + 1}: mse {mse:.5f} psnr {fit.psnr():.2f} dB")
