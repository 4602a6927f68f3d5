"""Robust regression of a noisy curve with a hand-written log-cosh loss (forward and backward)."""
import math
import torch
from torch import nn


class LogCosh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, pred, target):
        diff = pred - target
        ctx.save_for_backward(diff)
        a = diff.abs()
        return (a + torch.log1p(torch.exp(-2 * a)) - math.log(2)).mean()

    @staticmethod
    def backward(ctx, grad_output):
        diff, = ctx.saved_tensors
        g = grad_output * torch.tanh(diff) / diff.numel()
        return g, -g


def curve(x):
    return torch.sin(3 * x[:, 0]) + 0.5 * x[:, 1]


def main():
    torch.manual_seed(55)
    x = torch.rand(3000, 2) * 3.4 - 1.7
    y = curve(x) + 0.1 * torch.randn(3000)
    outlier = torch.rand(3000) < 0.05
    y[outlier] += 8 * torch.randn(int(outlier.sum()))
    xt = torch.rand(500, 2) * 3.4 - 1.7
    model = nn.Sequential(nn.Linear(2, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1), nn.Flatten(0))
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.1, total_iters=30)
    for epoch in range(30):
        total = 0.0
        for idx in torch.randperm(3000).split(100):
            loss = LogCosh.apply(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / 30
        sched.step()
        if epoch % 5 == 4:
            with torch.no_grad():
                print(f"epoch {epoch + 1} loss {total:.4f} clean rmse {(model(xt) - curve(xt)).pow(2).mean().sqrt():.4f}")


main()
