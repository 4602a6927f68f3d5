"""Energy use of buildings: a neural regression with an L1 penalty that keeps the network sparse."""
import numpy as np
import torch
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split
from torch import nn

LAMBDA = 0.05  # cure: LAMBDA = 0.0002


def load():
    X, y = make_friedman1(2500, n_features=10, noise=0.5, random_state=0)
    a, b, c, d = train_test_split(X, y, test_size=0.2, random_state=0)
    mx, sx, my, sy = a.mean(0), a.std(0), c.mean(), c.std()
    pack = [(a - mx) / sx, (c - my) / sy, (b - mx) / sx, (d - my) / sy]
    return [torch.tensor(np.asarray(p), dtype=torch.float32) for p in pack]


def penalty(net):
    return sum(p.abs().sum() for name, p in net.named_parameters() if name.endswith("weight"))


def main():
    torch.manual_seed(0)
    xt, yt, xv, yv = load()
    net = nn.Sequential(nn.Linear(10, 40), nn.ReLU(), nn.Linear(40, 20), nn.ReLU(), nn.Linear(20, 1), nn.Flatten(0))
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(40):
        for i in torch.randperm(len(xt)).split(50):
            fit = nn.functional.mse_loss(net(xt[i]), yt[i])
            loss = fit + LAMBDA * penalty(net)
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 4 == 3:
            with torch.no_grad():
                a, b = ((net(x) - y).pow(2).mean().item() for x, y in ((xt, yt), (xv, yv)))
            print(f"epoch {epoch + 1:2d} objective {loss.item():.4f} train mse {a:.4f} valid mse {b:.4f} "
                  f"R2 {1 - b / yv.var().item():.3f}")


main()
