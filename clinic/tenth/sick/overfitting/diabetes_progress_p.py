"""Progression of diabetes after one year (scikit-learn's table), a three-layer network with weight decay and cosine rate."""
from dataclasses import dataclass
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split


@dataclass
class HP:
    hidden: int = 200  # cure: hidden: int = 6
    lr: float = 2e-3
    epochs: int = 120
    batch: int = 32
    decay: float = 1e-3


def prepare():
    x, y = load_diabetes(return_X_y=True)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.35, random_state=9)
    mx, sx, my, sy = xa.mean(0), xa.std(0), ya.mean(), ya.std()
    f = lambda a: torch.tensor(a, dtype=torch.float32)
    return f((xa - mx) / sx), f((ya - my) / sy), f((xb - mx) / sx), f((yb - my) / sy)


class Net(nn.Sequential):
    def __init__(self, h):
        super().__init__(nn.Linear(10, h), nn.Tanh(), nn.Linear(h, h), nn.Tanh(), nn.Linear(h, 1), nn.Flatten(0))


def train(hp):
    torch.manual_seed(0)
    x, y, xv, yv = prepare()
    net, mse = Net(hp.hidden), nn.MSELoss()
    opt = torch.optim.AdamW(net.parameters(), lr=hp.lr, weight_decay=hp.decay)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, hp.epochs)
    for epoch in range(1, hp.epochs + 1):
        tot = 0.0
        for b in torch.randperm(len(x)).split(hp.batch):
            opt.zero_grad(set_to_none=True)
            loss = mse(net(x[b]), y[b])
            loss.backward()
            opt.step()
            tot += loss.item() * len(b)
        sched.step()
        if epoch % 10 == 0:
            with torch.no_grad():
                v = mse(net(xv), yv).item()
            print(f"{epoch:3d} train mse {tot / len(x):.4f} val mse {v:.4f} val R2 {1 - v / yv.var().item():.3f}")


if __name__ == "__main__":
    train(HP())
