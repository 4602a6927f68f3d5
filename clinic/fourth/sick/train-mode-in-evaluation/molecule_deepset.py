"""Deep-set regression: energy of a cluster of 6 atoms from their pairwise distances; dropout against overfitting."""
import dataclasses
import torch
from torch import nn


@dataclasses.dataclass
class Config:
    n_train: int = 1500
    n_test: int = 400
    drop: float = 0.3
    epochs: int = 25
    lr: float = 2e-3


def clusters(n):
    pos = torch.randn(n, 6, 3) * 1.2
    d = torch.cdist(pos, pos) + torch.eye(6)
    i, j = torch.triu_indices(6, 6, 1)
    r = d[:, i, j].clamp(min=0.6)
    energy = (r ** -4 - 2 * r ** -2).sum(1)
    return torch.stack([r.log(), 1 / r], 2), energy


class DeepSet(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(2, 64), nn.SiLU(), nn.Linear(64, 32))
        self.rho = nn.Sequential(nn.Dropout(drop), nn.Linear(32, 64), nn.SiLU(), nn.Linear(64, 1))

    def forward(self, pairs):
        return self.rho(self.phi(pairs).mean(1)).squeeze(1)


cfg = Config()
torch.manual_seed(0)
x, e = clusters(cfg.n_train + cfg.n_test)
e = (e - e.mean()) / e.std()
x = (x - x.mean((0, 1))) / x.std((0, 1))
train, test = slice(0, cfg.n_train), slice(cfg.n_train, None)
net = DeepSet(cfg.drop)
opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)
for epoch in range(cfg.epochs):
    net.train()
    for idx in torch.randperm(cfg.n_train).split(50):
        loss = (net(x[train][idx]) - e[train][idx]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    # cure: net.eval()
    with torch.no_grad():
        err = (net(x[test]) - e[test]).square().mean()
    if epoch % 3 == 0:
        print(f"epoch {epoch}: train mse {loss.item():.4f}, test mse {err.item():.4f}, R2 {1 - err.item() / e[test].var().item():.3f}")
