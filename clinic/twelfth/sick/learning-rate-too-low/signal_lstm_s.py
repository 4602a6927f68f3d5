"""Classify wave forms (sine, square, sawtooth) with a bidirectional LSTM."""
import argparse
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def waves(n, length=32):
    t = torch.arange(length) / length
    freq, phase = torch.rand(n, 1) * 2 + 1, torch.rand(n, 1)
    kind = torch.randint(0, 3, (n,))
    cycle = (freq * t + phase) % 1.0
    forms = torch.stack([torch.sin(2 * math.pi * cycle), torch.sign(cycle - 0.5), 2 * cycle - 1])
    x = forms[kind, torch.arange(n)] + 0.2 * torch.randn(n, length)
    return x.unsqueeze(-1), kind


class WaveNet(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, 3)

    def forward(self, x):
        h, _ = self.lstm(x)
        return self.fc(h.mean(1))


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--hidden", type=int, default=24)
    p.add_argument("--lr", type=float, default=5e-6)  # cure: p.add_argument("--lr", type=float, default=5e-3)
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--batch", type=int, default=50)
    return p.parse_args()


def main():
    args = parse()
    torch.manual_seed(21)
    train, (xv, yv) = TensorDataset(*waves(1500)), waves(400)
    loader = DataLoader(train, args.batch, shuffle=True)
    net = WaveNet(args.hidden)
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        seen = 0.0
        for x, y in loader:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            opt.step()
            seen += loss.item()
        with torch.no_grad():
            out = net(xv)
        print(f"epoch {epoch + 1} train {seen / len(loader):.4f} valid {nn.functional.cross_entropy(out, yv):.4f} "
              f"accuracy {(out.argmax(1) == yv).float().mean():.3f}")


main()
