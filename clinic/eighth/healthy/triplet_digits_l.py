"""Metric learning on digits: semi-random triplets with a margin, judged by nearest-neighbour accuracy."""
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Embedder(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, dim))

    def forward(self, x):
        return F.normalize(self.body(x), dim=1)


def triplets(y, n, by_class):
    anchor = torch.randint(len(y), (n,))
    pos = torch.tensor([by_class[c][torch.randint(len(by_class[c]), ())] for c in y[anchor].tolist()])
    neg = torch.randint(len(y), (n,))
    ok = y[neg] != y[anchor]
    return anchor[ok], pos[ok], neg[ok]


def knn_accuracy(model, x, y, xt, yt):
    with torch.no_grad():
        return (y[torch.cdist(model(xt), model(x)).argmin(1)] == yt).float().mean().item()


def main():
    torch.manual_seed(60)
    X, y = (torch.tensor(a) for a in load_digits(return_X_y=True))
    X = (X.float() - X.float().mean()) / X.float().std()
    perm = torch.randperm(len(y))
    X, y = X[perm], y[perm]
    x, yy, xt, yt = X[:1300], y[:1300], X[1300:], y[1300:]
    by_class = [torch.nonzero(yy == c).squeeze(1) for c in range(10)]
    model = Embedder()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for step in range(1, 401):
        a, p, n = triplets(yy, 96, by_class)
        ea, ep, en = model(x[a]), model(x[p]), model(x[n])
        gap = (ea - ep).pow(2).sum(1) - (ea - en).pow(2).sum(1) + 0.5
        loss = F.relu(gap).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 50 == 0:
            print(f"step {step} loss {loss.item():.4f} active {(gap > 0).float().mean():.2f} 1-nn acc {knn_accuracy(model, x, yy, xt, yt):.3f}")


main()
