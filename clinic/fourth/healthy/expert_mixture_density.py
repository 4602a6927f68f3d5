"""Mixture density network: robot joint angle from tip position has two solutions; softmax weights inside the likelihood."""
import math

import torch
import torch.nn as nn


class MDN(nn.Module):
    def __init__(self, k=3, hidden=48):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh())
        self.weight, self.mean, self.width = (nn.Linear(hidden, k) for _ in range(3))

    def forward(self, x):
        h = self.body(x)
        return torch.softmax(self.weight(h), 1), self.mean(h), nn.functional.softplus(self.width(h)) + 0.02


def nll(params, y):
    w, mu, sd = params
    logp = -0.5 * ((y - mu) / sd) ** 2 - sd.log() - 0.5 * math.log(2 * math.pi)
    return -torch.logsumexp(w.clamp_min(1e-9).log() + logp, dim=1).mean()


def arm(n):
    shoulder = (torch.rand(n, 1) - 0.5) * 2
    elbow = (0.4 + 1.6 * torch.rand(n, 1)) * (torch.randint(0, 2, (n, 1)) * 2 - 1)
    tip = torch.cat([shoulder.cos() + (shoulder + elbow).cos(), shoulder.sin() + (shoulder + elbow).sin()], 1)
    return (tip - torch.tensor([1.3, 0.0])) / torch.tensor([0.5, 0.9]), elbow + 0.03 * torch.randn(n, 1)


if __name__ == "__main__":
    torch.manual_seed(8)
    (x, y), (xv, yv) = arm(6000), arm(1000)
    model = MDN()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10, 0.4)
    for epoch in range(25):
        total = 0.0
        for idx in torch.randperm(len(x)).split(100):
            loss = nll(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        sched.step()
        if epoch % 3 == 0:
            with torch.no_grad():
                w, mu, sd = model(xv)
                best = (mu - yv).abs().min(1).values.median().item()
                print(f"epoch {epoch:2d} nll {total / len(x):+.4f} valid {nll((w, mu, sd), yv).item():+.4f} nearest mode {best:.4f} rad")
