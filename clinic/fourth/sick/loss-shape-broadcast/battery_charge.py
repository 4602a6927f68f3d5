"""Estimate a battery's state of charge from 32 samples of voltage, current and temperature with a 1-D CNN."""
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Discharges(Dataset):
    def __init__(self, n, seed, steps=32):
        g = torch.Generator().manual_seed(seed)
        soc = torch.rand(n, 1, generator=g)
        temp = 20 + 10 * torch.randn(n, 1, generator=g)
        current = torch.randn(n, 1, generator=g) + 0.5 * torch.randn(n, steps, generator=g).cumsum(1) / math.sqrt(steps)
        open_v = 3.2 + 0.6 * soc + 0.25 * torch.exp(-8 * (1 - soc)) - 0.3 * torch.exp(-12 * soc)
        volt = open_v - 0.08 * current * (1 + 0.02 * (25 - temp)) + 0.01 * torch.randn(n, steps, generator=g)
        signals = torch.stack([(volt - 3.55) / 0.25, current / 1.1, ((temp - 20) / 10).expand(n, steps)], dim=1)
        self.signals, self.soc = signals, (soc.squeeze(1) - 0.5) / 0.29

    def __len__(self):
        return len(self.soc)

    def __getitem__(self, i):
        return self.signals[i], self.soc[i]


class ChargeCNN(nn.Module):
    def __init__(self, ch=24):
        super().__init__()
        self.conv1 = nn.Conv1d(3, ch, 5, stride=2, padding=2)
        self.conv2 = nn.Conv1d(ch, ch, 5, stride=2, padding=2)
        self.out = nn.Linear(ch, 1)

    def forward(self, x):
        h = F.relu(self.conv2(F.relu(self.conv1(x))))
        return self.out(h.mean(2))  # cure: return self.out(h.mean(2)).squeeze(1)


@torch.no_grad()
def mean_abs_error(model, loader):
    model.eval()
    off = torch.cat([(model(x).flatten() - soc).abs() for x, soc in loader])
    return 29 * off.mean().item()


def main():
    torch.manual_seed(40)
    train = DataLoader(Discharges(4000, 1), batch_size=64, shuffle=True)
    valid = DataLoader(Discharges(800, 2), batch_size=400)
    model = ChargeCNN()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    for epoch in range(15):
        model.train()
        total = 0.0
        for x, soc in train:
            loss = F.smooth_l1_loss(model(x), soc)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        print(f"epoch {epoch:2d}  loss {total / len(train):.4f}  valid error {mean_abs_error(model, valid):.2f} % of charge")


if __name__ == "__main__":
    main()
