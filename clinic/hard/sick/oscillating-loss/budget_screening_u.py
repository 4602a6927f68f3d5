"""Credit scoring under demographic parity: minimise the error while both groups are accepted at the
same mean rate, with gradient steps on the weights and on a Lagrange multiplier."""
import argparse

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=3e-3)
parser.add_argument("--dual-lr", type=float, default=0.3)  # cure: parser.add_argument("--dual-lr", type=float, default=0.05)
parser.add_argument("--steps", type=int, default=1400)
args = parser.parse_args()


def applicants(n):
    """income, debt, age-like features; group membership shifts income, income drives repayment."""
    group = (torch.rand(n) < 0.5).float()
    f = torch.randn(n, 5)
    f[:, 0] += 0.8 * group - 0.4
    logit = 1.3 * f[:, 0] - f[:, 1] + 0.7 * f[:, 2] * f[:, 3]
    return torch.cat([f, group[:, None] * 2 - 1], 1), (torch.rand(n) < logit.sigmoid()).float(), group


def gap(z, group):
    p = z.sigmoid()
    return p[group == 1].mean() - p[group == 0].mean()


torch.manual_seed(11)
x, t, g = applicants(4000)
xv, tv, gv = applicants(2000)
net = nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 1))
opt = torch.optim.Adam(net.parameters(), lr=args.lr)
lam = torch.tensor(0.0)
history = []
for step in range(1, args.steps + 1):
    idx = torch.randint(len(x), (1000,))
    z = net(x[idx]).squeeze(1)
    unfair = gap(z, g[idx])
    err = bce(z, t[idx])
    loss = err + lam * unfair
    opt.zero_grad()
    loss.backward()
    opt.step()
    lam = lam + args.dual_lr * unfair.detach()
    history.append((loss.item(), err.item(), abs(unfair.item())))
    if step % 40 == 0:
        with torch.no_grad():
            zv = net(xv).squeeze(1)
        last = torch.tensor(history[-40:])
        print(f"step {step:4d} lagrangian {last[:, 0].min():7.3f} ..{last[:, 0].max():7.3f} bce {last[:, 1].mean():.4f} "
              f"|gap| {last[:, 2].mean():.4f} lambda {lam.item():7.3f} val bce {bce(zv, tv).item():.4f} val gap {gap(zv, gv).item():+.4f}")
