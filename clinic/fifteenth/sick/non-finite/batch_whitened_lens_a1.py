"""Predict the focal length of a lens; the network standardises its hidden features over the batch."""
import argparse

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class BatchStandardise(nn.Module):
    """Like BatchNorm1d without parameters; keeps running statistics for evaluation."""

    def __init__(self, n):
        super().__init__()
        self.register_buffer("mean", torch.zeros(n))
        self.register_buffer("std", torch.ones(n))

    def forward(self, h):
        if self.training:
            mean, std = h.mean(0), h.std(0)
            self.mean.lerp_(mean.detach(), 0.1)
            self.std.lerp_(std.detach(), 0.1)
            return (h - mean) / (std + 1e-5)
        return (h - self.mean) / (self.std + 1e-5)


def lenses(n):
    r1, r2, index = 1 + torch.rand(n), 1 + torch.rand(n), 1.4 + 0.4 * torch.rand(n)
    power = (index - 1) * (1 / r1 + 1 / r2)
    x = torch.stack([(r1 - 1.5) / 0.29, (r2 - 1.5) / 0.29, (index - 1.6) / 0.115], dim=1)
    return x, ((1 / power - 1.25) / 0.38).unsqueeze(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=1921)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=15)
    args = parser.parse_args()
    torch.manual_seed(18)
    dataset = TensorDataset(*lenses(args.samples))
    loader = DataLoader(dataset, batch_size=args.batch, shuffle=True)  # cure: loader = DataLoader(dataset, batch_size=args.batch, shuffle=True, drop_last=True)
    x_val, f_val = lenses(500)
    net = nn.Sequential(nn.Linear(3, 32), BatchStandardise(32), nn.ReLU(),
                        nn.Linear(32, 32), BatchStandardise(32), nn.ReLU(), nn.Linear(32, 1))
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.epochs)
    loss_fn = nn.SmoothL1Loss()
    for epoch in range(1, args.epochs + 1):
        net.train()
        for step, (x, f) in enumerate(loader):
            loss = loss_fn(net(x), f)
            opt.zero_grad()
            loss.backward()
            opt.step()
            if step == len(loader) // 2:
                halfway = loss.item()
        decay.step()
        net.eval()
        with torch.no_grad():
            val = loss_fn(net(x_val), f_val).item()
        print(f"epoch {epoch:2d}  loss halfway {halfway:.5f}  validation {val:.5f}")


if __name__ == "__main__":
    main()
