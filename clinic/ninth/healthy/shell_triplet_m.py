"""Triplet embedding of the iris flowers' shapes; once a margin is met a triplet costs nothing, so losses turn to zero."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_iris
from torch import nn

torch.manual_seed(215)
iris = load_iris()
X = torch.tensor(iris.data, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
Y = torch.tensor(iris.target)
perm = torch.randperm(150)
train, test = perm[:105], perm[105:]


def triplets(n):
    """anchor, positive, negative row numbers, drawn from the training part"""
    a = train[torch.randint(len(train), (n,))]
    same = Y[train][None] == Y[a][:, None]
    pos = train[torch.multinomial(same.float(), 1).squeeze(1)]
    neg = train[torch.multinomial((~same).float(), 1).squeeze(1)]
    return a, pos, neg


net = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 3))
opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-3)
for step in range(1, 401):
    a, p, n = triplets(48)
    za, zp, zn = (F.normalize(net(X[i]), dim=1) for i in (a, p, n))
    gap = (za - zp).pow(2).sum(1) - (za - zn).pow(2).sum(1) + 0.3
    loss = gap.clamp(min=0).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 40 == 0:
        with torch.no_grad():
            e = F.normalize(net(X), dim=1)
            near = torch.cdist(e[test], e[train]).topk(5, largest=False).indices
            vote = Y[train][near].mode(1).values
        print(f"step {step} loss {loss.item():.4f} active triplets {(gap > 0).float().mean():.2f} "
              f"5-nn accuracy on new flowers {(vote == Y[test]).float().mean():.3f}")
