"""Matrix factorisation of sparse film ratings with user and film biases."""
import torch
import torch.nn as nn
import torch.nn.functional as F

USERS, FILMS = 200, 150


class Factors(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.p, self.q = nn.Embedding(USERS, dim), nn.Embedding(FILMS, dim)
        self.bu, self.bf = nn.Embedding(USERS, 1), nn.Embedding(FILMS, 1)
        for e in (self.p, self.q):
            nn.init.normal_(e.weight, std=0.1)
        for e in (self.bu, self.bf):
            nn.init.zeros_(e.weight)

    def forward(self, u, f):
        return (self.p(u) * self.q(f)).sum(1) + self.bu(u).squeeze(1) + self.bf(f).squeeze(1)


def make(n=6000):
    a, b = torch.randn(USERS, 2), torch.randn(FILMS, 2)
    bu, bf = 0.5 * torch.randn(USERS), 0.7 * torch.randn(FILMS)
    pair = torch.randperm(USERS * FILMS)[:n]
    u, f = pair // FILMS, pair % FILMS
    r = 0.7 * (a[u] * b[f]).sum(1) + bu[u] + bf[f] + 0.8 * torch.randn(n)
    return u, f, r - r.mean()


torch.manual_seed(18)
u, f, r = make()
tr, va = slice(0, 5000), slice(5000, None)
model = Factors(dim=40)  # cure: model = Factors(dim=3)
opt = torch.optim.Adam(model.parameters(), lr=0.003)  # cure: opt = torch.optim.AdamW(model.parameters(), lr=0.02, weight_decay=0.15)
for epoch in range(40):
    for i in torch.randperm(5000).split(100):
        loss = F.mse_loss(model(u[tr][i], f[tr][i]), r[tr][i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 1:
        with torch.no_grad():
            a = F.mse_loss(model(u[tr], f[tr]), r[tr]).sqrt()
            b = F.mse_loss(model(u[va], f[va]), r[va]).sqrt()
        print(f"epoch {epoch + 1:2d}: rmse train {a:.4f} valid {b:.4f}")
