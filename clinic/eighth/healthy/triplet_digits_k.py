"""Triplet embedding of the digits: nearest-neighbour retrieval accuracy is what counts."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
ds = load_digits()
x, y = torch.tensor(ds.data, dtype=torch.float32) / 8 - 1, torch.tensor(ds.target)
p = torch.randperm(len(x))
xt, yt, xv, yv = x[p[:1200]], y[p[:1200]], x[p[1200:]], y[p[1200:]]
by_class = [torch.nonzero(yt == k).squeeze(1) for k in range(10)]


def triplets(n):
    a = torch.randint(0, len(xt), (n,))
    pos = torch.stack([by_class[k][torch.randint(0, len(by_class[k]), ())] for k in yt[a].tolist()])
    other = (yt[a] + torch.randint(1, 10, (n,))) % 10
    neg = torch.stack([by_class[k][torch.randint(0, len(by_class[k]), ())] for k in other.tolist()])
    return xt[a], xt[pos], xt[neg]


class Embed(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))

    def forward(self, x):
        return nn.functional.normalize(self.f(x), dim=1)


net, lossf = Embed(), nn.TripletMarginLoss(margin=0.5)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(1, 401):
    a, pos, neg = triplets(64)
    loss = lossf(net(a), net(pos), net(neg))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 40 == 0:
        with torch.no_grad():
            near = (net(xv) @ net(xt).T).argmax(1)
        print(f"step {step} triplet loss {loss.item():.4f} retrieval {(yt[near] == yv).float().mean():.3f}")
