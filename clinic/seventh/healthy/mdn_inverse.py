"""Mixture density network for the inverse problem x = y + 0.3 sin(2 pi y) + noise (Bishop 1994)."""
import argparse
import math
import torch
from torch import nn


class MDN(nn.Module):
    def __init__(self, k, hidden):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh())
        self.pi, self.mu, self.ls = nn.Linear(hidden, k), nn.Linear(hidden, k), nn.Linear(hidden, k)
        with torch.no_grad():
            self.mu.bias.copy_(torch.linspace(-1, 1, k))

    def log_likelihood(self, x, y):
        h = self.trunk(x)
        ls = self.ls(h).clamp(-5, 3)
        comp = -0.5 * ((y - self.mu(h)) / ls.exp()) ** 2 - ls - 0.5 * math.log(2 * math.pi)
        return torch.logsumexp(self.pi(h).log_softmax(-1) + comp, -1)


def problem(n):
    y = torch.rand(n, 1)
    x = y + 0.3 * torch.sin(2 * math.pi * y) + 0.03 * torch.randn(n, 1)
    return (x - 0.5) / 0.3, (y - 0.5) / 0.29


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--components", type=int, default=5)
    ap.add_argument("--hidden", type=int, default=32)
    ap.add_argument("--epochs", type=int, default=24)
    a = ap.parse_args()
    torch.manual_seed(10)
    x, y = problem(2500)
    xv, yv = problem(600)
    model = MDN(a.components, a.hidden)
    opt = torch.optim.Adam(model.parameters(), lr=4e-3)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10, 0.4)
    for epoch in range(a.epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(50):
            loss = -model.log_likelihood(x[idx], y[idx]).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        sched.step()
        if epoch % 3 == 2:
            with torch.no_grad():
                print(f"epoch {epoch + 1} nll {total / len(x):.4f} valid nll {-model.log_likelihood(xv, yv).mean().item():.4f}")


main()
