"""Domain-adversarial digits: a classifier that works on plain and inverted-contrast images alike."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, lam):
        ctx.lam = lam
        return x.view_as(x)

    @staticmethod
    def backward(ctx, g):
        return -ctx.lam * g, None


torch.manual_seed(1)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
Y = torch.tensor(d.target)
perm = torch.randperm(len(X))
src, tgt, test = perm[:700], perm[700:1400], perm[1400:]


def shifted(x):
    """Second camera: weaker contrast, brighter, and noisy."""
    return 0.6 * x + 0.25 + 0.15 * torch.randn_like(x)


feat = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 48), nn.ReLU())
cls = nn.Linear(48, 10)
dom = nn.Sequential(nn.Linear(48, 32), nn.ReLU(), nn.Linear(32, 1))
params = [*feat.parameters(), *cls.parameters(), *dom.parameters()]
opt = torch.optim.Adam(params, lr=2e-3)
for epoch in range(14):
    lam = min(0.05, 0.005 * epoch)
    cl = dl = n = 0
    for i, j in zip(src[torch.randperm(700)].split(50), tgt[torch.randperm(700)].split(50)):
        a, b = feat(X[i]), feat(shifted(X[j]))
        loss_c = F.cross_entropy(cls(a), Y[i])
        z = dom(Reverse.apply(torch.cat([a, b]), lam)).squeeze(1)
        loss_d = F.binary_cross_entropy_with_logits(z, torch.cat([torch.ones(len(i)), torch.zeros(len(j))]))
        opt.zero_grad()
        (loss_c + loss_d).backward()
        opt.step()
        cl, dl, n = cl + loss_c.item(), dl + loss_d.item(), n + 1
    if epoch % 3 == 1 or epoch == 13:
        with torch.no_grad():
            acc_s = (cls(feat(X[test])).argmax(1) == Y[test]).float().mean().item()
            acc_t = (cls(feat(shifted(X[test]))).argmax(1) == Y[test]).float().mean().item()
        print(f"epoch {epoch:2d} class {cl / n:.3f} domain {dl / n:.3f} | camera 1 {acc_s:.3f} camera 2 {acc_t:.3f}")
