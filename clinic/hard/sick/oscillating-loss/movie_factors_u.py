"""Rating prediction by matrix factorisation with biases, on a synthetic user-film table."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class Factors(nn.Module):
    def __init__(self, users, films, k=6):
        super().__init__()
        self.u, self.f = nn.Embedding(users, k), nn.Embedding(films, k)
        self.bu, self.bf = nn.Embedding(users, 1), nn.Embedding(films, 1)
        for e in (self.u, self.f):
            nn.init.normal_(e.weight, std=0.3)
        for e in (self.bu, self.bf):
            nn.init.zeros_(e.weight)

    def forward(self, i, j):
        return (self.u(i) * self.f(j)).sum(1) + self.bu(i).squeeze(1) + self.bf(j).squeeze(1)


def ratings(users=150, films=120, per_user=80, k=3):
    g = torch.Generator().manual_seed(4)
    a, b = torch.randn(users, k, generator=g), torch.randn(films, k, generator=g)
    i = torch.arange(users).repeat_interleave(per_user)
    j = torch.cat([torch.randperm(films, generator=g)[:per_user] for _ in range(users)])
    r = (a[i] * b[j]).sum(1) / k ** 0.5 + 0.1 * torch.randn(len(i), generator=g)
    return TensorDataset(i, j, r)


class Trainer:
    def __init__(self, model, train, valid, epochs=30):
        self.model, self.epochs = model, epochs
        self.train_dl = DataLoader(train, batch_size=256, shuffle=True)
        self.valid_dl = DataLoader(valid, batch_size=4096)
        self.opt = torch.optim.Adam(model.parameters(), lr=0.1)
        self.sched = torch.optim.lr_scheduler.ExponentialLR(self.opt, gamma=0.8)
        self.loss = nn.MSELoss()

    def fit(self):
        for epoch in range(self.epochs):
            seen = []
            for i, j, r in self.train_dl:
                self.opt.zero_grad()
                loss = self.loss(self.model(i, j), r)
                loss.backward()
                self.opt.step()
                seen.append(loss.item())
            # cure: self.sched.step()
            print(f"epoch {epoch:2d} lr {self.opt.param_groups[0]['lr']:.4f} train {sum(seen) / len(seen):.4f} "
                  f"lowest {min(seen):.4f} highest {max(seen):.4f} valid {self.validate():.4f}")

    @torch.no_grad()
    def validate(self):
        return sum(self.loss(self.model(i, j), r).item() * len(r) for i, j, r in self.valid_dl) / len(self.valid_dl.dataset)


torch.manual_seed(4)
table = ratings()
train, valid = random_split(table, [len(table) - 2000, 2000])
Trainer(Factors(150, 120), train, valid).fit()
