"""Forest-cover-like tabular classification; an averaged copy of the weights is what we evaluate and ship."""
import copy
from dataclasses import dataclass
import torch
from torch import nn
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler


@dataclass
class Config:
    width: int = 64
    lr: float = 3e-3
    decay: float = 0.98
    epochs: int = 12
    batch: int = 64
    seed: int = 5


class Averaged:
    """Exponential moving average of a model."""

    def __init__(self, model, decay):
        self.module = copy.deepcopy(model).eval()
        self.decay = decay

    @torch.no_grad()
    def update(self, model):
        for avg, new in zip(self.module.parameters(), model.parameters()):
            avg.lerp_(new, 1 - self.decay)
        # cure: for avg, new in zip(self.module.buffers(), model.buffers()): avg.copy_(new)


def make_net(n_in, n_out, w):
    return nn.Sequential(nn.Linear(n_in, w), nn.BatchNorm1d(w), nn.SiLU(), nn.Linear(w, w), nn.BatchNorm1d(w),
                         nn.SiLU(), nn.Linear(w, w), nn.BatchNorm1d(w), nn.SiLU(), nn.Linear(w, n_out))


def main(cfg=Config()):
    torch.manual_seed(cfg.seed)
    X, y = make_classification(5000, 20, n_informative=10, n_redundant=4, n_classes=5, class_sep=1.6,
                               flip_y=0.01, random_state=cfg.seed)
    X = torch.tensor(StandardScaler().fit_transform(X), dtype=torch.float32)
    y = torch.tensor(y)
    Xtr, ytr, Xva, yva = X[:4000], y[:4000], X[4000:], y[4000:]
    net = make_net(20, 5, cfg.width)
    ema = Averaged(net, cfg.decay)
    opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)
    ce = nn.CrossEntropyLoss()
    for epoch in range(1, cfg.epochs + 1):
        net.train()
        tot = 0.0
        for idx in torch.randperm(4000).split(cfg.batch):
            opt.zero_grad(set_to_none=True)
            loss = ce(net(Xtr[idx]), ytr[idx])
            loss.backward()
            opt.step()
            ema.update(net)
            tot += loss.item() * len(idx)
        with torch.no_grad():
            out = ema.module(Xva)
            print(f"[{epoch:02d}] train {tot / 4000:.3f} | valid {ce(out, yva):.3f} acc {(out.argmax(1) == yva).float().mean():.3f}")


main()
