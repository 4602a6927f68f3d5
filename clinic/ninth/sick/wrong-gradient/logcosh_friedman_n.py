"""Regression on Friedman's function with a log-cosh loss written for speed."""
import math
import torch
from torch import nn
from sklearn.datasets import make_friedman1


class LogCosh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, pred, target):
        d = pred - target
        ctx.save_for_backward(d)
        a = d.abs()
        return (a + torch.log1p(torch.exp(-2 * a)) - math.log(2)).mean()

    @staticmethod
    def backward(ctx, g):
        (d,) = ctx.saved_tensors
        t = torch.tanh(d)
        grad = g * (1 - t * t) / d.numel()  # cure: grad = g * t / d.numel()
        return grad, None


def data(n, seed):
    x, y = make_friedman1(n, n_features=8, noise=0.5, random_state=seed)
    return torch.tensor(x).float(), torch.tensor(y).float()


def main():
    torch.manual_seed(1)
    x, y = data(1500, 1)
    xt, yt = data(500, 2)
    mx, sx, my, sy = x.mean(0), x.std(0), y.mean(), y.std()
    x, xt, y, yt = (x - mx) / sx, (xt - mx) / sx, (y - my) / sy, (yt - my) / sy
    net = nn.Sequential(nn.Linear(8, 64), nn.SiLU(), nn.Linear(64, 32), nn.SiLU(), nn.Linear(32, 1), nn.Flatten(0))
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(25):
        total = 0
        for b in torch.randperm(len(x)).split(50):
            opt.zero_grad()
            loss = LogCosh.apply(net(x[b]), y[b])
            loss.backward()
            opt.step()
            total += loss.item() * len(b)
        with torch.no_grad():
            rmse = (net(xt) - yt).square().mean().sqrt().item()
        print(f"epoch {epoch + 1}: log-cosh {total / len(x):.4f}, test rmse {rmse:.4f}")


main()
