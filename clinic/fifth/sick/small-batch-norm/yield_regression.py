"""Crop yield regression (synthetic field trials), batch-normalised MLP trained in small batches."""
from dataclasses import dataclass
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass(frozen=True)
class Settings:
    fields: int = 900
    batch_size: int = 2  # cure: batch_size: int = 32
    epochs: int = 8
    lr: float = 3e-3
    seed: int = 70


def trials(n):
    rain, nitrogen, heat, ph, clay = torch.randn(5, n)
    y = 0.8 * rain - 0.4 * rain ** 2 + torch.tanh(1.5 * nitrogen) * (1 + 0.4 * rain) - 0.6 * heat.clamp(min=0) + 0.3 * ph * clay
    return torch.stack([rain, nitrogen, heat, ph, clay], 1), (y + 0.6) / 1.45 + 0.05 * torch.randn(n)


def build():
    def unit(a, b):
        return [nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()]
    return nn.Sequential(*unit(5, 48), *unit(48, 48), nn.Linear(48, 1), nn.Flatten(0))


def main(s):
    torch.manual_seed(s.seed)
    loader = DataLoader(TensorDataset(*trials(s.fields)), s.batch_size, shuffle=True, drop_last=True)
    xv, yv = trials(600)
    net = build()
    opt = torch.optim.Adam(net.parameters(), lr=s.lr)
    mse = nn.MSELoss()
    for epoch in range(1, s.epochs + 1):
        net.train()
        total = 0.0
        for x, y in loader:
            opt.zero_grad()
            loss = mse(net(x), y)
            loss.backward()
            opt.step()
            total += loss.item()
        net.eval()
        with torch.no_grad():
            v = mse(net(xv), yv).item()
        print(f"epoch {epoch}  train mse {total / len(loader):.4f}  valid mse {v:.4f}  valid R2 {1 - v / yv.var().item():.3f}")


main(Settings())
