"""Predict the 90 % quantile of a heteroscedastic signal with a memory-saving pinball loss."""
import torch
from torch import nn


class Pinball(torch.autograd.Function):
    @staticmethod
    def forward(ctx, pred, target, tau):
        diff = target - pred
        ctx.save_for_backward(diff > 0)
        ctx.tau = tau
        return torch.maximum(tau * diff, (tau - 1) * diff).mean()

    @staticmethod
    def backward(ctx, grad_out):
        (above,) = ctx.saved_tensors
        slope = torch.where(above, ctx.tau - 1.0, ctx.tau)  # cure: slope = torch.where(above, -ctx.tau, 1.0 - ctx.tau)
        return grad_out * slope / above.numel(), None, None


def sample(n, gen):
    x = torch.rand(n, 1, generator=gen) * 2 - 1
    scale = 0.2 + 0.5 * x.abs()
    y = torch.sin(3 * x) + scale * torch.randn(n, 1, generator=gen)
    return x, y


def main(tau=0.9, epochs=25):
    torch.manual_seed(1)
    gen = torch.Generator().manual_seed(7)
    x, y = sample(3000, gen)
    xv, yv = sample(1500, gen)
    net = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(epochs):
        for i in torch.randperm(len(x)).split(100):
            opt.zero_grad()
            Pinball.apply(net(x[i]), y[i], tau).backward()
            opt.step()
        if epoch % 4 == 0:
            with torch.no_grad():
                p = net(xv)
                print(f"{epoch:3d} val pinball {Pinball.apply(p, yv, tau).item():.4f} "
                      f"coverage {(yv <= p).float().mean().item():.3f} (wanted {tau})")


main()
