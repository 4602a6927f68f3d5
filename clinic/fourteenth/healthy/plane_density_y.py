"""Density of a narrow banana by maximum likelihood: the negative log-likelihood goes below zero, as densities may exceed one."""
import math

import torch
from torch import nn

torch.manual_seed(3)


def banana(n):
    a = torch.randn(n) * 0.3
    return torch.stack([a, a ** 2 + 0.03 * torch.randn(n)], 1)


class MixtureOfConditionals(nn.Module):
    """p(x1) a Gaussian, p(x2 | x1) a Gaussian with mean and deviation from a network."""

    def __init__(self):
        super().__init__()
        self.loc, self.log_scale = nn.Parameter(torch.zeros(())), nn.Parameter(torch.zeros(()))
        self.net = nn.Sequential(nn.Linear(1, 32), nn.SiLU(), nn.Linear(32, 2))

    def nll(self, x):
        def gauss(v, m, log_s):
            return 0.5 * ((v - m) / log_s.exp()) ** 2 + log_s + 0.5 * math.log(2 * math.pi)
        m, log_s = self.net(x[:, :1] / 0.3).unbind(1)
        return (gauss(x[:, 0], self.loc, self.log_scale) + gauss(x[:, 1], m, log_s)).mean()


train, valid = banana(3000), banana(1000)
model = MixtureOfConditionals()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40)
for epoch in range(1, 41):
    mean = 0.0
    for idx in torch.randperm(3000).split(100):
        loss = model.nll(train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        mean += loss.item() / 30
    sched.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            print(f"epoch {epoch}: nll {mean:.4f} validation {model.nll(valid).item():.4f}")
