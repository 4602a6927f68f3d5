"""Trains on annotator vote shares (soft labels); samples that the annotators agree on count for more."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_iris
from sklearn.preprocessing import StandardScaler


@dataclass
class Config:
    seed: int = 5
    votes: int = 7
    lr: float = 0.02
    epochs: int = 60
    batch: int = 30


cfg = Config()
rng = np.random.default_rng(cfg.seed)
torch.manual_seed(cfg.seed)
data = load_iris()
X = StandardScaler().fit_transform(data.data)
confusion = np.array([[0.98, 0.01, 0.01], [0.02, 0.83, 0.15], [0.02, 0.13, 0.85]])
shares = np.stack([rng.multinomial(cfg.votes, confusion[c]) for c in data.target]) / cfg.votes
perm = rng.permutation(len(X))
tr, te = perm[:110], perm[110:]
X, shares = torch.tensor(X).float(), torch.tensor(shares).float()
truth = torch.tensor(data.target)


def agreement(votes):
    plogp = votes * votes.log()  # cure: plogp = torch.xlogy(votes, votes)
    return 1.0 + plogp.sum(1) / np.log(votes.shape[1])


def vote_loss(votes, log_q):
    weight = agreement(votes)
    return -(weight * (votes * log_q).sum(1)).sum() / weight.sum()


net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters(), lr=cfg.lr, weight_decay=1e-3)
for epoch in range(cfg.epochs):
    epoch_loss = 0.0
    for idx in torch.tensor(rng.permutation(tr)).split(cfg.batch):
        opt.zero_grad()
        loss = vote_loss(shares[idx], net(X[idx]).log_softmax(1))
        loss.backward()
        opt.step()
        epoch_loss += loss.item() * len(idx) / len(tr)
    if (epoch + 1) % 10 == 0:
        with torch.no_grad():
            acc = (net(X[te]).argmax(1) == truth[te]).float().mean()
        print(f"epoch {epoch + 1}: loss {epoch_loss:.4f}  accuracy vs truth {acc:.3f}")
