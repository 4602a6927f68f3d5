"""Attention over a set with a hand-written sparsemax: pick the value whose key matches the query."""
import torch
from torch import nn


class Sparsemax(torch.autograd.Function):
    """Euclidean projection onto the simplex (Martins and Astudillo, 2016)."""

    @staticmethod
    def forward(ctx, z):
        s, _ = z.sort(dim=-1, descending=True)
        k = torch.arange(1, z.size(-1) + 1, dtype=z.dtype)
        cum = s.cumsum(-1) - 1
        size = (k * s > cum).sum(-1, keepdim=True)
        tau = cum.gather(-1, size - 1) / size
        p = (z - tau).clamp(min=0)
        ctx.save_for_backward(p)
        return p

    @staticmethod
    def backward(ctx, grad):
        p, = ctx.saved_tensors
        support = (p > 0).to(grad.dtype)
        mean = (grad * support).sum(-1, keepdim=True) / support.sum(-1, keepdim=True)
        return support * (grad - mean)


class Lookup(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.q, self.k = nn.Linear(6, dim), nn.Linear(6, dim)
        self.v = nn.Linear(4, dim)
        self.out = nn.Sequential(nn.Linear(dim, 32), nn.ReLU(), nn.Linear(32, 4))

    def forward(self, query, keys, values):
        score = (self.k(keys) @ self.q(query).unsqueeze(-1)).squeeze(-1) / 24 ** 0.5
        weight = Sparsemax.apply(score)
        return self.out((weight.unsqueeze(1) @ self.v(values)).squeeze(1)), weight


def batch(n, items=8):
    keys = nn.functional.normalize(torch.randn(n, items, 6), dim=-1) * 2.4
    values = torch.randn(n, items, 4)
    pick = torch.randint(0, items, (n,))
    query = keys[torch.arange(n), pick] + 0.1 * torch.randn(n, 6)
    return query, keys, values, values[torch.arange(n), pick]


torch.manual_seed(4)
net = Lookup()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=8e-3, total_steps=1000)
for step in range(1, 1001):
    *inputs, target = batch(64)
    out, weight = net(*inputs)
    loss = (out - target).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 100 == 0:
        print(f"{step}: mse {loss.item():.4f}, items attended to {(weight > 0).float().sum(1).mean().item():.2f} of 8")
