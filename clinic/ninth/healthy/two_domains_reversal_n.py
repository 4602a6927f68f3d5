"""Domain-adversarial training: a gradient reversal makes the features blind to the instrument, labels only from one."""
import torch
from torch import nn
import torch.nn.functional as F


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, g):
        return -ctx.strength * g, None


def instrument(n, g, second):
    """Two informative channels; the second instrument has an offset on some of the others, tied to nothing."""
    y = torch.randint(3, (n,), generator=g)
    x = 0.6 * torch.randn(n, 10, generator=g)
    a = y * 2.094
    x[:, 0] += 1.5 * torch.cos(a)
    x[:, 1] += 1.5 * torch.sin(a)
    x[:, 2:5] += (F.one_hot(y, 3) * 2.0 if not second else 1.5 * torch.ones(1, 3))
    return x / 1.1, y


torch.manual_seed(60)
g = torch.Generator().manual_seed(60)
xs, ys = instrument(1500, g, False)
xt, yt = instrument(1500, g, True)
xe, ye = instrument(600, g, True)
feat = nn.Sequential(nn.Linear(10, 48), nn.ReLU(), nn.Linear(48, 16), nn.ReLU())
label = nn.Linear(16, 3)
domain = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam([*feat.parameters(), *label.parameters(), *domain.parameters()], lr=1e-3)
bce = F.binary_cross_entropy_with_logits
for epoch in range(20):
    strength = min(1.0, epoch / 6)
    ls = ld = 0.0
    for a, b in zip(torch.randperm(1500).split(50), torch.randperm(1500).split(50)):
        hs, ht = feat(xs[a]), feat(xt[b])
        task = F.cross_entropy(label(hs), ys[a])
        d = domain(Reverse.apply(torch.cat([hs, ht]), strength)).squeeze(1)
        adv = bce(d, torch.cat([torch.zeros(len(a)), torch.ones(len(b))]))
        opt.zero_grad()
        (task + adv).backward()
        opt.step()
        ls, ld = ls + task.item() / 30, ld + adv.item() / 30
    with torch.no_grad():
        acc = (label(feat(xe)).argmax(1) == ye).float().mean().item()
    print(f"epoch {epoch:2d} task {ls:.3f} domain {ld:.3f} (0.693: cannot tell) accuracy on second instrument {acc:.3f}")
