"""RealNVP on a noisy ring with a gap: exact log-likelihood training."""
import argparse
import math
import torch
from torch import nn

ap = argparse.ArgumentParser()
ap.add_argument("--steps", type=int, default=500)
ap.add_argument("--lr", type=float, default=1e-6)  # cure: ap.add_argument("--lr", type=float, default=2e-3)
ap.add_argument("--layers", type=int, default=6)
args = ap.parse_args([])
torch.manual_seed(0)


def sample_ring(n):
    a = torch.rand(n) * 1.7 * math.pi
    r = 1.5 + 0.1 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1)


class Coupling(nn.Module):
    def __init__(self, keep):
        super().__init__()
        self.keep = keep
        self.net = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 2))

    def forward(self, x):
        fixed, moved = x[:, self.keep:self.keep + 1], x[:, 1 - self.keep:2 - self.keep]
        s, t = self.net(fixed).chunk(2, 1)
        s = torch.tanh(s) * 2
        moved = moved * s.exp() + t
        pair = (fixed, moved) if self.keep == 0 else (moved, fixed)
        return torch.cat(pair, 1), s.squeeze(1)


flow = nn.ModuleList(Coupling(i % 2) for i in range(args.layers))


def log_prob(x):
    total = torch.zeros(len(x))
    for layer in flow:
        x, ld = layer(x)
        total = total + ld
    return total - 0.5 * (x ** 2).sum(1) - math.log(2 * math.pi)


optim = torch.optim.Adam(flow.parameters(), lr=args.lr)
held = sample_ring(2000)
for step in range(1, args.steps + 1):
    nll = -log_prob(sample_ring(256)).mean()
    optim.zero_grad()
    nll.backward()
    optim.step()
    if step % 50 == 0:
        with torch.no_grad():
            print(f"{step:5d}  nll {nll.item():.4f}  held-out nll {-log_prob(held).mean().item():.4f}")
