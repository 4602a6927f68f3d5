"""Metric learning: digit images to the unit sphere with a triplet loss over all triplets of a batch; judged by nearest-neighbour recall."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class PKSampler:
    """P classes, K images each."""

    def __init__(self, labels, p, k):
        self.by_class = [torch.where(labels == c)[0] for c in labels.unique()]
        self.p, self.k = p, k

    def draw(self):
        out = []
        for c in torch.randperm(len(self.by_class))[: self.p]:
            pool = self.by_class[c]
            out.append(pool[torch.randperm(len(pool))[: self.k]])
        return torch.cat(out)


class Embed(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, dim))

    def forward(self, x):
        return F.normalize(self.body(x), dim=1)


def triplet(z, y, margin=0.3):
    d = torch.cdist(z, z)
    same = y[:, None] == y[None]
    pairs = same & ~torch.eye(len(y), dtype=torch.bool)
    active = F.relu(d[:, :, None] - d[:, None] + margin)[pairs[:, :, None] & ~same[:, None]]
    return active.sum() / (active > 0).sum().clamp(min=1), (active > 0).float().mean().item()


def noisy(t):
    return t + 0.5 * torch.randn_like(t)


@torch.no_grad()
def recall(net, x, y, xq, yq):
    d = torch.cdist(net(xq), net(x))
    return (y[d.argmin(1)] == yq).float().mean().item(), net(xq).std(0).mean().item()


torch.manual_seed(2)
raw = load_digits()
perm = torch.randperm(len(raw.target))
x, y = torch.tensor(raw.data).float()[perm] / 8 - 1, torch.tensor(raw.target)[perm]
xt, yt, xq, yq = x[:1200], y[:1200], x[1200:], y[1200:]
xq = noisy(xq)
sampler, net = PKSampler(yt, 8, 6), Embed()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
print("untrained: recall@1 %.3f, spread %.3f" % recall(net, xt, yt, xq, yq))
for it in range(1, 401):
    idx = sampler.draw()
    loss, active = triplet(net(noisy(xt[idx])), yt[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        r, spread = recall(net, xt, yt, xq, yq)
        print(f"it {it}: loss {loss.item():.3f} active {active:.2f} recall@1 {r:.3f} spread {spread:.3f}")
