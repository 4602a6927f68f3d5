"""Denoising autoencoder on short waveforms with gradient accumulation (for machines with little memory)."""
import argparse
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--micro-batch", type=int, default=32)
parser.add_argument("--accumulate", type=int, default=64)  # cure: parser.add_argument("--accumulate", type=int, default=2)
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--lr", type=float, default=4e-3)


def waveforms(n, length=48):
    t = torch.linspace(0, 1, length)
    f, p = 1 + 3 * torch.rand(n, 1), 2 * math.pi * torch.rand(n, 1)
    return torch.sin(2 * math.pi * f * t + p)


class Autoencoder(nn.Module):
    def __init__(self, length=48, code=8):
        super().__init__()
        self.encode = nn.Sequential(nn.Linear(length, 64), nn.ELU(), nn.Linear(64, code))
        self.decode = nn.Sequential(nn.Linear(code, 64), nn.ELU(), nn.Linear(64, length))

    def forward(self, x):
        return self.decode(self.encode(x))


def train_epoch(model, loader, optimizer, accumulate):
    total = 0.0
    optimizer.zero_grad()
    for i, (clean,) in enumerate(loader):
        noisy = clean + 0.3 * torch.randn_like(clean)
        loss = nn.functional.mse_loss(model(noisy), clean)
        (loss / accumulate).backward()
        total += loss.item()
        if (i + 1) % accumulate == 0:
            optimizer.step()
            optimizer.zero_grad()
    return total / len(loader)


def main():
    args = parser.parse_args()
    torch.manual_seed(26)
    loader = DataLoader(TensorDataset(waveforms(1920)), batch_size=args.micro_batch, shuffle=True)
    clean = waveforms(400)
    noisy = clean + 0.3 * torch.randn_like(clean)
    model = Autoencoder()
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        train = train_epoch(model, loader, optimizer, args.accumulate)
        with torch.no_grad():
            valid = nn.functional.mse_loss(model(noisy), clean).item()
        print(f"epoch {epoch:02d} | train {train:.4f} | valid {valid:.4f} (noise itself: {0.3 ** 2:.4f})")


if __name__ == "__main__":
    main()
