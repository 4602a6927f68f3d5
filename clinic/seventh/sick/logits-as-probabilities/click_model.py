"""Click-through model: embeddings of user and advert segments, factorisation-machine style, own log loss."""
from dataclasses import dataclass
import torch
from torch import nn


@dataclass
class Settings:
    users: int = 40
    ads: int = 30
    hours: int = 24
    dim: int = 8
    lr: float = 1e-2
    epochs: int = 8
    batch: int = 128
    seed: int = 20


class FM(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(n, s.dim) for n in (s.users, s.ads, s.hours))
        self.linear = nn.ModuleList(nn.Embedding(n, 1) for n in (s.users, s.ads, s.hours))
        for e in list(self.tables) + list(self.linear):
            nn.init.normal_(e.weight, std=0.1)
        self.bias = nn.Parameter(torch.zeros(()))

    def forward(self, f):
        v = torch.stack([t(f[:, k]) for k, t in enumerate(self.tables)], 1)
        pair = 0.5 * (v.sum(1) ** 2 - (v ** 2).sum(1)).sum(1)
        return self.bias + sum(l(f[:, k]).squeeze(1) for k, l in enumerate(self.linear)) + pair


def log_loss(p, y, eps=1e-4):
    p = p.clamp(eps, 1 - eps)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


def logs(n, s, truth):
    f = torch.stack([torch.randint(k, (n,)) for k in (s.users, s.ads, s.hours)], 1)
    with torch.no_grad():
        return f, torch.bernoulli(torch.sigmoid(truth(f)))


def main(s=Settings()):
    torch.manual_seed(s.seed)
    truth = FM(s)
    for e in truth.tables:
        nn.init.normal_(e.weight, std=0.8)
    f, y = logs(8000, s, truth)
    fv, yv = logs(2000, s, truth)
    model = FM(s)
    opt = torch.optim.Adam(model.parameters(), lr=s.lr)
    for epoch in range(s.epochs):
        tot = 0.0
        for idx in torch.randperm(len(f)).split(s.batch):
            p = model(f[idx])  # cure: p = torch.sigmoid(model(f[idx]))
            loss = log_loss(p, y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(idx)
        with torch.no_grad():
            z = model(fv)
            acc = ((z > 0) == (yv > 0.5)).float().mean().item()
        print(f"epoch {epoch} log loss {tot / len(f):.4f} valid accuracy {acc:.3f} (base rate {yv.mean().item():.3f})")


main()
