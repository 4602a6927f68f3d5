"""Cyclic learning rate with restarts on two intertwined spirals; the run ends right after one."""
import math
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts


class SpiralTrainer:
    def __init__(self, seed=2):
        torch.manual_seed(seed)
        self.x, self.y = self.spirals(1200)
        self.xv, self.yv = self.spirals(400)
        self.net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
        self.opt = torch.optim.SGD(self.net.parameters(), lr=0.1, momentum=0.9)
        self.sched = CosineAnnealingWarmRestarts(self.opt, T_0=15, eta_min=1e-3)

    @staticmethod
    def spirals(n):
        y = torch.randint(0, 2, (n,))
        r = torch.rand(n).sqrt()
        a = 3 * math.pi * r + math.pi * y
        return 2 * torch.stack([r * a.cos(), r * a.sin()], 1) + 0.04 * torch.randn(n, 2), y

    def fit(self, epochs=45):
        for epoch in range(epochs):
            tot = 0.0
            for i in torch.randperm(len(self.x)).split(60):
                loss = nn.functional.cross_entropy(self.net(self.x[i]), self.y[i])
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                tot += loss.item() / 20
            self.sched.step()
            if epoch % 3 == 2:
                with torch.no_grad():
                    acc = (self.net(self.xv).argmax(1) == self.yv).float().mean().item()
                print(f"epoch {epoch:2d} lr {self.opt.param_groups[0]['lr']:.3f} loss {tot:.4f} valid acc {acc:.3f}")


SpiralTrainer().fit()
