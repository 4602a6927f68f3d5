"""Detect rare defects in sensor vectors; the output bias starts at the prior rate, as in the focal-loss paper."""
import math
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_data(n, gen):
    x = torch.randn(n, 20, generator=gen)
    score = x[:, 0] * x[:, 1] + x[:, 2].abs() - 0.6 * x[:, 3]
    return x, (score > 2.2).float()


def prior_bias(module, rate):
    nn.init.constant_(module.bias, -math.log((1 - rate) / rate))


def build(rate):
    net = nn.Sequential(
        nn.Linear(20, 64), nn.ReLU(),
        nn.Linear(64, 64), nn.ReLU(),
        nn.Linear(64, 1))
    for m in net:  # cure: for m in net[-1:]:
        if isinstance(m, nn.Linear):
            prior_bias(m, rate)
    return net


def main():
    torch.manual_seed(0)
    gen = torch.Generator().manual_seed(9)
    x, y = make_data(6000, gen)
    xv, yv = make_data(2000, gen)
    rate = y.mean().item()
    net = build(rate)
    loader = DataLoader(TensorDataset(x, y), batch_size=100, shuffle=True)
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    lossf = nn.BCEWithLogitsLoss()
    for ep in range(8):
        tot = 0.0
        for a, b in loader:
            loss = lossf(net(a).squeeze(1), b)
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item()
        with torch.no_grad():
            p = net(xv).squeeze(1) > 0
        tp = (p & yv.bool()).sum().item()
        print(f"epoch {ep} loss {tot / len(loader):.4f} valid acc {(p == yv.bool()).float().mean():.3f} "
              f"recall {tp / yv.sum().item():.3f}")


main()
