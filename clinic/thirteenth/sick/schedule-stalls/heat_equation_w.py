"""Physics-informed network for u'' = -pi^2 sin(pi x) on [0, 1] with u(0) = u(1) = 0, and a linear decay of the rate."""
import math

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

EPOCHS, BATCHES, POINTS = 60, 20, 64


class Solution(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, x):
        return self.net(2 * x - 1)


def residual(u, x):
    x = x.requires_grad_()
    y = u(x)
    d1, = torch.autograd.grad(y.sum(), x, create_graph=True)
    d2, = torch.autograd.grad(d1.sum(), x, create_graph=True)
    return (d2 / math.pi**2 + torch.sin(math.pi * x)).pow(2).mean()


def train():
    torch.manual_seed(0)
    u = Solution()
    opt = torch.optim.Adam(u.parameters(), lr=3e-3)
    sched = LambdaLR(opt, lambda step: max(1 - step / EPOCHS, 1e-4))  # cure: sched = LambdaLR(opt, lambda step: max(1 - step / (EPOCHS * BATCHES), 1e-4))
    edge = torch.tensor([[0.0], [1.0]])
    grid = torch.linspace(0, 1, 101)[:, None]
    for epoch in range(EPOCHS):
        total = 0.0
        for _ in range(BATCHES):
            loss = residual(u, torch.rand(POINTS, 1)) + u(edge).pow(2).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            total += loss.item() / BATCHES
        if epoch % 6 == 5:
            with torch.no_grad():
                err = (u(grid) - torch.sin(math.pi * grid)).abs().max()
            print(f"epoch {epoch + 1:3d}  loss {total:.6f}  largest error {err:.4f}")


if __name__ == "__main__":
    train()
