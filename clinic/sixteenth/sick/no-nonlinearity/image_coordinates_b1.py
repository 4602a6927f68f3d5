"""Fit a synthetic 40x40 picture as a function of its coordinates (an implicit representation); a fifth of pixels held out."""
import torch
from torch import nn


def make_mlp(sizes, activation=nn.Identity):  # cure: def make_mlp(sizes, activation=nn.GELU):
    layers = []
    for a, b in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(a, b), activation()]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def picture(n=40):
    axis = torch.linspace(-1, 1, n)
    yy, xx = torch.meshgrid(axis, axis, indexing="ij")
    disc = torch.sigmoid(12 * (0.5 - ((xx - 0.2) ** 2 + (yy + 0.1) ** 2).sqrt()))
    stripe = 0.5 * torch.sin(4 * xx + 2 * yy)
    rgb = torch.stack([disc + 0.3 * yy, stripe, disc * stripe + 0.4 * xx], -1)
    return torch.stack([xx, yy], -1).reshape(-1, 2) * 1.7, rgb.reshape(-1, 3)


def psnr(mse, peak):
    return 10 * torch.log10(peak ** 2 / mse).item()


def main():
    torch.manual_seed(4)
    coords, colours = picture()
    colours = (colours - colours.mean(0)) / colours.std(0)
    peak = colours.max() - colours.min()
    order = torch.randperm(len(coords))
    tr, va = order[:1280], order[1280:]
    net = make_mlp([2, 96, 96, 96, 3])
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 5e-3, total_steps=1200)
    for epoch in range(60):
        mse = 0.0
        for idx in tr[torch.randperm(len(tr))].split(64):
            loss = nn.functional.mse_loss(net(coords[idx]), colours[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            mse += loss.item() * len(idx) / len(tr)
        if (epoch + 1) % 6 == 0:
            with torch.no_grad():
                v = nn.functional.mse_loss(net(coords[va]), colours[va])
            print(f"epoch {epoch + 1:3d}  mse {mse:.5f}  held out {v.item():.5f}  psnr {psnr(v, peak):.2f} dB")


main()
