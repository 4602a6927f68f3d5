"""Model of a mixed two-dimensional response surface from lab points, Fourier-free."""
import logging
import sys
import torch
from torch import nn


class Surface(nn.Module):
    def __init__(self, width=2):  # cure: def __init__(self, width=64):
        super().__init__()
        self.inner = nn.Linear(2, width)
        self.middle = nn.Linear(width, width)
        self.outer = nn.Linear(width, 1)

    def forward(self, x):
        h = nn.functional.silu(self.inner(x))
        return self.outer(nn.functional.silu(self.middle(h))).squeeze(1)


class Experiment:
    def __init__(self, n, seed):
        torch.manual_seed(seed)
        self.log = logging.getLogger("surface")
        x = 2 * torch.rand(n, 2) - 1
        y = torch.sin(4 * x[:, 0]) * torch.cos(3 * x[:, 1]) + 0.8 * x[:, 1] ** 2 + torch.exp(-8 * (x - 0.3).square().sum(1))
        y = (y - y.mean()) / y.std() + 0.05 * torch.randn(n)
        k = int(0.8 * n)
        self.train, self.valid = (x[:k] / 0.577, y[:k]), (x[k:] / 0.577, y[k:])

    def run(self, model, epochs=40, lr=8e-3, batch=64):
        opt = torch.optim.Adam(model.parameters(), lr=lr)
        sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.2, epochs)
        x, y = self.train
        for epoch in range(epochs):
            total = torch.zeros(())
            for i in torch.randperm(len(x)).split(batch):
                loss = nn.functional.mse_loss(model(x[i]), y[i])
                opt.zero_grad()
                loss.backward()
                opt.step()
                total += loss.detach() * len(i)
            sched.step()
            if epoch % 4 == 3:
                with torch.no_grad():
                    v = nn.functional.mse_loss(model(self.valid[0]), self.valid[1])
                self.log.info("epoch %d train %.4f valid %.4f", epoch + 1, total / len(x), v)


logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(name)s: %(message)s")
Experiment(2500, seed=29).run(Surface())
