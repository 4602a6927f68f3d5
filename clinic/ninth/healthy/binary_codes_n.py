"""Autoencoder with a binary bottleneck: hard signs forward, straight-through gradient backward."""
import argparse
import torch
from torch import nn


class Sign(torch.autograd.Function):
    """+1/-1 forward; backward passes the gradient where |x| <= 1 (the usual estimator)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x >= 0, 1.0, -1.0)

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        return g * (x.abs() <= 1)


class Coder(nn.Module):
    def __init__(self, n, bits):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(n, 64), nn.ReLU(), nn.Linear(64, bits))
        self.dec = nn.Sequential(nn.Linear(bits, 64), nn.ReLU(), nn.Linear(64, n))

    def forward(self, x):
        code = Sign.apply(self.enc(x))
        return self.dec(code), code


def patches(n):
    """Random steps and ramps, 16 samples long."""
    t = torch.arange(16.0)
    at, h = torch.randint(1, 15, (n, 1)).float(), torch.randint(0, 2, (n, 2)).float() * 2 - 1
    return torch.where(t < at, h[:, :1], h[:, 1:] * 0.5 * (1 + (t - at) / 16)) + 0.05 * torch.randn(n, 16)


ap = argparse.ArgumentParser()
ap.add_argument("--bits", type=int, default=12)
ap.add_argument("--epochs", type=int, default=20)
args = ap.parse_args()
torch.manual_seed(22)
x, xv = patches(2500), patches(500)
model = Coder(16, args.bits)
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for ep in range(args.epochs):
    tot = 0.0
    for b in torch.randperm(len(x)).split(50):
        rec, _ = model(x[b])
        loss = (rec - x[b]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b) / len(x)
    with torch.no_grad():
        rec, code = model(xv)
    print(f"epoch {ep:2d} train {tot:.4f} valid {(rec - xv).square().mean():.4f} (variance {xv.var():.2f}) codes used {len(code.unique(dim=0))}")
