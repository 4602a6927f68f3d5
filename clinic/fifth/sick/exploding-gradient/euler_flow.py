"""A weight-tied residual network seen as an ODE: integrate the state from t=0 to t=1, then classify two spirals."""
from dataclasses import dataclass
import math
import torch
from torch import nn


@dataclass
class Config:
    dim: int = 16
    hidden: int = 64
    steps: int = 30
    lr: float = 0.01
    iters: int = 400
    seed: int = 5


class OdeNet(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.steps = c.steps
        self.lift = nn.Linear(2, c.dim)
        self.field = nn.Sequential(nn.Linear(c.dim, c.hidden), nn.ReLU(), nn.Linear(c.hidden, c.dim))
        self.head = nn.Linear(c.dim, 1)
        for m in self.field:
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight)

    def forward(self, x):
        h = self.lift(x)
        for _ in range(self.steps):
            h = h + self.field(h)  # cure: h = h + self.field(h) / self.steps
        return self.head(h).squeeze(1)


def spirals(n):
    t = torch.rand(n).sqrt() * 1.5 * math.pi + 0.5
    label = torch.randint(0, 2, (n,))
    ang = t + math.pi * label
    xy = torch.stack([t * ang.cos(), t * ang.sin()], 1) / 3
    return xy + 0.03 * torch.randn(n, 2), label.float()


def main(c=Config()):
    torch.manual_seed(c.seed)
    x, y = spirals(1500)
    xt, yt = spirals(500)
    net = OdeNet(c)
    opt = torch.optim.Adam(net.parameters(), lr=c.lr)
    bce = nn.BCEWithLogitsLoss()
    for i in range(c.iters):
        idx = torch.randint(0, len(x), (128,))
        loss = bce(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if (i + 1) % 50 == 0:
            with torch.no_grad():
                acc = ((net(xt) > 0) == yt.bool()).float().mean().item()
            print(f"iter {i + 1} loss {loss.item():.4g} test accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
