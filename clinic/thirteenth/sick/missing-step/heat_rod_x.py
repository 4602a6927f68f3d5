"""Physics-informed network for the stationary heat equation u'' = f on a rod, trained with L-BFGS."""
import math

import torch
from torch import nn


class Rod(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))

    def forward(self, x):
        return x * (1 - x) * self.net(2 * x - 1)        # cold at both ends


def source(x):
    return -(math.pi ** 2) * torch.sin(math.pi * x) - 2 * (2 * math.pi) ** 2 * 0.3 * torch.sin(2 * math.pi * x)


def exact(x):
    return torch.sin(math.pi * x) + 0.6 * torch.sin(2 * math.pi * x)


class Trainer:
    def __init__(self, model, points=80):
        self.model = model
        self.x = torch.linspace(0, 1, points).unsqueeze(1).requires_grad_()
        self.opt = torch.optim.LBFGS(model.parameters(), lr=0.8, max_iter=20, line_search_fn="strong_wolfe")

    def closure(self):
        self.opt.zero_grad()
        u = self.model(self.x)
        du, = torch.autograd.grad(u.sum(), self.x, create_graph=True)
        ddu, = torch.autograd.grad(du.sum(), self.x, create_graph=True)
        loss = (ddu - source(self.x)).pow(2).mean()
        loss.backward()
        return loss

    def train(self, rounds):
        grid = torch.linspace(0, 1, 301).unsqueeze(1)
        for r in range(rounds):
            loss = self.closure()  # cure: loss = self.opt.step(self.closure)
            with torch.no_grad():
                err = (self.model(grid) - exact(grid)).abs().max().item()
            print(f"round {r:2d}: residual {loss.item():.5f}, largest error {err:.4f}")


torch.manual_seed(40)
Trainer(Rod()).train(8)
