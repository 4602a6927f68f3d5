"""Learns the logistic map x -> 3.9 x (1 - x), applied twice, from single transitions."""
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Run:
    lr: float = 0.04
    momentum: float = 0.95
    epochs: int = 60
    batch: int = 64
    log: list = field(default_factory=list)


def twice(x):
    for _ in range(2):
        x = 3.9 * x * (1 - x)
    return x


class MapNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.l2, self.l3 = nn.Linear(1, 48), nn.Linear(48, 48), nn.Linear(48, 1)

    def forward(self, x):
        return self.l3(torch.tanh(self.l2(torch.tanh(self.l1(4 * x - 2)))))


def train(run):
    torch.manual_seed(28)
    x = torch.rand(1000, 1)
    y = 3 * twice(x) - 1.5
    net = MapNet()
    opt = torch.optim.Adam(net.parameters(), lr=run.lr, betas=(run.momentum, 0.99))
    # cure: sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, run.epochs)
    for epoch in range(run.epochs):
        for i in torch.randperm(len(x)).split(run.batch):
            opt.zero_grad()
            F.mse_loss(net(x[i]), y[i]).backward()
            opt.step()
        # cure: sched.step()
        with torch.no_grad():
            run.log.append(F.mse_loss(net(x), y).item())
        if epoch % 4 == 3:
            print("epoch", epoch + 1, "mse", " ".join(f"{v:.5f}" for v in run.log[-4:]))
    print(f"final mse {run.log[-1]:.5f}, mean of the last ten {sum(run.log[-10:]) / 10:.5f}")


train(Run())
