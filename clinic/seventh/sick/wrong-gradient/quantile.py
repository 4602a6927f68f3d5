"""Upper 90% band of a heteroscedastic curve: quantile regression with our own pinball loss."""
import torch
from torch import nn


class Pinball(torch.autograd.Function):
    @staticmethod
    def forward(ctx, pred, target, q):
        diff = target - pred
        ctx.save_for_backward(diff)
        ctx.q = q
        return torch.where(diff >= 0, q * diff, (q - 1) * diff).mean()

    @staticmethod
    def backward(ctx, grad_out):
        (diff,) = ctx.saved_tensors
        slope = torch.where(diff >= 0, -(1 - ctx.q), ctx.q)  # cure: slope = torch.where(diff >= 0, -ctx.q, 1 - ctx.q)
        return grad_out * slope / diff.numel(), None, None


def curve(n):
    x = 4 * torch.rand(n, 1) - 2
    noise = (0.2 + 0.3 * x.abs()) * torch.randn(n, 1)
    return x, torch.sin(2 * x) + noise


torch.manual_seed(21)
x, y = curve(3000)
x_val, y_val = curve(1000)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
q = 0.9

for epoch in range(1, 25):
    total = 0.0
    for idx in torch.randperm(len(x)).split(100):
        opt.zero_grad()
        loss = Pinball.apply(net(x[idx]), y[idx], q)
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        pred = net(x_val)
        val = Pinball.apply(pred, y_val, q).item()
        cover = (y_val <= pred).float().mean().item()
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d}: pinball {total / len(x):.4f}, valid {val:.4f}, below the band {cover:.1%}")
