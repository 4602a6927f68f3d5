"""Compress digits into 24 hard bits; the rounding lets the gradient straight through, and the bits' probabilities become decided."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader


class Binarise(torch.autograd.Function):
    """Forward: 0 or 1. Backward: as if it were the identity (straight-through estimator)."""

    @staticmethod
    def forward(ctx, p):
        return torch.bernoulli(p) if p.requires_grad else p.round()

    @staticmethod
    def backward(ctx, grad):
        return grad


class BitCoder(nn.Module):
    def __init__(self, bits=24):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, bits))
        self.decoder = nn.Sequential(nn.Linear(bits, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        p = torch.sigmoid(self.encoder(x))
        bits = Binarise.apply(p)
        return self.decoder(2 * bits - 1), p


torch.manual_seed(20)
x = torch.tensor(load_digits().data, dtype=torch.float32)
x = x[torch.randperm(len(x))]
x = (x - x[:1400].mean(0)) / x[:1400].std()
train, valid = x[:1400], x[1400:]
coder = BitCoder()
opt = torch.optim.Adam(coder.parameters(), lr=2e-3)
for epoch in range(1, 51):
    coder.train()
    mean = 0.0
    for b in DataLoader(train, batch_size=50, shuffle=True):
        out, _ = coder(b)
        loss = F.mse_loss(out, b)
        opt.zero_grad()
        loss.backward()
        opt.step()
        mean += loss.item() * len(b) / len(train)
    coder.eval()
    with torch.no_grad():
        out, p = coder(valid)
    if epoch % 5 == 0:
        print(f"epoch {epoch}: mse {mean:.4f}, with 24 hard bits on new digits {F.mse_loss(out, valid):.4f} (variance {valid.var():.3f}), decided bits {((p - 0.5).abs() > 0.4).float().mean():.2f}")
