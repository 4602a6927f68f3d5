"""Film ratings by matrix factorisation: sparse embeddings under SparseAdam, the dense remainder under AdamW."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

USERS, FILMS, RANK = 300, 200, 4


def ratings(n, g):
    pu, qf = [torch.randn(k, RANK, generator=torch.Generator().manual_seed(i)) for i, k in ((1, USERS), (2, FILMS))]
    bu = 0.5 * torch.randn(USERS, generator=torch.Generator().manual_seed(3))
    u, f = torch.randint(USERS, (n,), generator=g), torch.randint(FILMS, (n,), generator=g)
    r = 3 + bu[u] + 0.4 * (pu[u] * qf[f]).sum(1) + 0.3 * torch.randn(n, generator=g)
    return u, f, r


class Factors(nn.Module):
    def __init__(self, dim=6):
        super().__init__()
        self.user = nn.Embedding(USERS, dim + 1, sparse=True)
        self.film = nn.Embedding(FILMS, dim + 1, sparse=True)
        for e in (self.user, self.film):
            nn.init.normal_(e.weight, std=0.2)
        self.scale = nn.Parameter(torch.ones(dim))
        self.level = nn.Parameter(torch.zeros(()))

    def forward(self, u, f):
        a, b = self.user(u), self.film(f)
        return self.level + a[:, -1] + b[:, -1] + (a[:, :-1] * b[:, :-1] * self.scale).sum(1), a, b


def main():
    torch.manual_seed(8)
    g = torch.Generator().manual_seed(8)
    train = TensorDataset(*ratings(18000, g))
    u, f, r = ratings(3000, g)
    model = Factors()
    sparse = torch.optim.SparseAdam([model.user.weight, model.film.weight], lr=8e-3)
    dense = torch.optim.AdamW([model.scale, model.level], lr=3e-2, weight_decay=0.0)
    for epoch in range(10):
        tot = 0.0
        for bu, bf, br in DataLoader(train, batch_size=120, shuffle=True):
            pred, a, b = model(bu, bf)
            err = (pred - br).square().mean()
            loss = err + 0.003 * (a.square().sum(1) + b.square().sum(1)).mean()
            for o in (sparse, dense):
                o.zero_grad()
            loss.backward()
            for o in (sparse, dense):
                o.step()
            tot += err.item() * len(br) / len(train)
        with torch.no_grad():
            rmse = (model(u, f)[0] - r).square().mean().sqrt().item()
        print(f"epoch {epoch} train rmse {tot ** 0.5:.4f} test rmse {rmse:.4f} (guessing the mean: {r.std().item():.3f}, noise 0.300)")


main()
