"""Pre-norm residual tower for wave classification: which of five frequencies is in a noisy signal?"""
import math
import torch
from torch import nn


def waves(n, gen):
    t = torch.linspace(0, 1, 40)
    cls = torch.randint(0, 5, (n,), generator=gen)
    phase = torch.rand(n, 1, generator=gen) * 2 * math.pi
    x = torch.sin(2 * math.pi * (cls[:, None] + 1) * t + phase)
    return x + 0.4 * torch.randn(n, 40, generator=gen), cls


class Residual(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.norm = nn.LayerNorm(d, elementwise_affine=False)
        self.up, self.down = nn.Linear(d, h), nn.Linear(h, d)
        nn.init.kaiming_normal_(self.up.weight, nonlinearity="relu")
        nn.init.xavier_normal_(self.down.weight)

    def forward(self, x):
        h = torch.relu(self.up(x))  # cure: h = torch.relu(self.up(self.norm(x)))
        return x + self.down(h)


class Tower(nn.Module):
    def __init__(self, depth=24, d=40):
        super().__init__()
        self.blocks = nn.ModuleList(Residual(d, 2 * d) for _ in range(depth))
        self.head = nn.Linear(d, 5)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def run():
    torch.manual_seed(7)
    gen = torch.Generator().manual_seed(7)
    xtr, ytr = waves(3000, gen)
    xva, yva = waves(800, gen)
    net = Tower()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    lossf = nn.CrossEntropyLoss()
    for ep in range(8):
        perm, run_loss = torch.randperm(3000, generator=gen), 0.0
        for idx in perm.split(60):
            loss = lossf(net(xtr[idx]), ytr[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            run_loss += loss.item() / 50
        with torch.no_grad():
            acc = (net(xva).argmax(1) == yva).float().mean().item()
        print("epoch %d  loss %.4g  valid acc %.3f" % (ep, run_loss, acc))


run()
