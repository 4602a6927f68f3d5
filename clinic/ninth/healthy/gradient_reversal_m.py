"""Domain-adversarial training: digits and colour-inverted digits; a reversed gradient hides the domain from the features."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.strength * grad, None


torch.manual_seed(200)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(d.target)
p = torch.randperm(len(y))
src, tgt, test = p[:800], p[800:1400], p[1400:]
M = 0.35 * torch.randn(64, 64, generator=torch.Generator().manual_seed(1)) / 8 + torch.eye(64)


def shift(a):
    return (a @ M) * 0.8 + 0.3


feat = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
label_head = nn.Linear(32, 10)
domain_head = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam([*feat.parameters(), *label_head.parameters(), *domain_head.parameters()], lr=1e-3)
for epoch in range(1, 31):
    strength = 0.3 * min(1.0, epoch / 15)
    sums = [0.0, 0.0]
    for i, j in zip(src[torch.randperm(800)].split(40), tgt[torch.randperm(600)][:600].repeat(2)[:800].split(40)):
        fs, ft = feat(x[i]), feat(shift(x[j]))
        label_loss = F.cross_entropy(label_head(fs), y[i])
        dom = domain_head(Reverse.apply(torch.cat([fs, ft]), strength)).squeeze(1)
        dom_loss = F.binary_cross_entropy_with_logits(dom, torch.cat([torch.ones(len(i)), torch.zeros(len(j))]))
        opt.zero_grad()
        (label_loss + dom_loss).backward()
        opt.step()
        sums[0] += label_loss.item() / 20
        sums[1] += dom_loss.item() / 20
    if epoch % 3 == 0:
        with torch.no_grad():
            a = (label_head(feat(x[test])).argmax(1) == y[test]).float().mean()
            b = (label_head(feat(shift(x[test]))).argmax(1) == y[test]).float().mean()
        print(f"epoch {epoch} label {sums[0]:.4f} domain {sums[1]:.4f} acc source {a:.3f} target {b:.3f}")
