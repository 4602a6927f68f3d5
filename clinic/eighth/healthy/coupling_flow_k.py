"""Normalising flow (affine couplings) on a bent two-dimensional density; the mean negative log-likelihood goes below zero."""
import torch
from torch import nn


class Coupling(nn.Module):
    def __init__(self, flip, h=48):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, h), nn.Tanh(), nn.Linear(h, h), nn.Tanh(), nn.Linear(h, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        s, t = self.net(a).chunk(2, 1)
        s = 3 * torch.tanh(s)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


def data(n):
    x = torch.randn(n, 1) * 0.5
    return torch.cat([x, 2 * x ** 2 - 0.5 + 0.04 * torch.randn(n, 1)], 1)


torch.manual_seed(0)
flow = nn.ModuleList(Coupling(i % 2 == 1) for i in range(6))
base = torch.distributions.Normal(0.0, 1.0)


def nll(x):
    logdet = 0.0
    for layer in flow:
        x, ld = layer(x)
        logdet = logdet + ld
    return -(base.log_prob(x).sum(1) + logdet).mean()


valid = data(2000)
opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 500)
for step in range(1, 501):
    loss = nll(data(256))
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
    opt.step()
    sched.step()
    if step % 50 == 0:
        with torch.no_grad():
            print(f"step {step} nll {loss.item():.4f} valid nll {nll(valid).item():.4f}")
