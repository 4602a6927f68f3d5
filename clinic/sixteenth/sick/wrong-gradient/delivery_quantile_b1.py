"""Promise a delivery time that is kept in nine cases of ten: regression of the 0.9 quantile with a pinball loss."""
import math
import torch
from torch import nn


class Pinball(torch.autograd.Function):
    @staticmethod
    def forward(ctx, prediction, target, q):
        late = target > prediction
        ctx.save_for_backward(late)
        ctx.q = q
        gap = target - prediction
        return torch.where(late, q * gap, (q - 1) * gap).mean()

    @staticmethod
    def backward(ctx, grad):
        (late,) = ctx.saved_tensors
        slope = torch.where(late, ctx.q - 1.0, ctx.q)  # cure: slope = torch.where(late, -ctx.q, 1.0 - ctx.q)
        return grad * slope / late.numel(), None, None


def orders(n, rng):
    distance, weight, hour = (torch.rand(n, generator=rng) for _ in range(3))
    rush = torch.exp(-((hour - 0.7) / 0.1) ** 2)
    minutes = 10 + 30 * distance + 6 * weight + 20 * rush * distance
    spread = 2 + 8 * distance + 6 * rush
    minutes = minutes + spread * torch.randn(n, generator=rng).abs()
    return torch.stack([distance, weight, hour], 1), minutes


def main(q=0.9, epochs=20):
    rng = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    x, y = orders(3000, rng)
    xv, yv = orders(1000, rng)
    mx, sx, my, sy = x.mean(0), x.std(0), y.mean(), y.std()
    x, xv, y, yv = (x - mx) / sx, (xv - mx) / sx, (y - my) / sy, (yv - my) / sy
    net = nn.Sequential(nn.Linear(3, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1), nn.Flatten(0))
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda e: 0.5 * (1 + math.cos(math.pi * e / epochs)))
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(60):
            loss = Pinball.apply(net(x[idx]), y[idx], q)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx) / len(x)
        scheduler.step()
        with torch.no_grad():
            p = net(xv)
            print(f"epoch {epoch + 1:2d} loss {total:.4f} valid {Pinball.apply(p, yv, q).item():.4f} "
                  f"promises kept {(yv <= p).float().mean().item():.3f}")


main()
