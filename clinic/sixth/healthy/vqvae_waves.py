"""Vector-quantised autoencoder of periodic wave shapes; the codebook is learnt by moving averages, not by gradients."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Codebook(nn.Module):
    def __init__(self, k, d, decay=0.95):
        super().__init__()
        self.decay = decay
        self.register_buffer("codes", torch.randn(k, d))
        self.register_buffer("count", torch.ones(k))
        self.register_buffer("total", self.codes.clone())

    def forward(self, z):
        idx = torch.cdist(z, self.codes).argmin(1)
        if self.training:
            with torch.no_grad():
                hot = F.one_hot(idx, len(self.codes)).float()
                self.count.lerp_(hot.sum(0), 1 - self.decay)
                self.total.lerp_(hot.T @ z, 1 - self.decay)
                self.codes.copy_(self.total / (self.count[:, None] + 1e-3))
                dead = self.count < 0.05
                if dead.any():
                    pick = z[torch.randint(len(z), (int(dead.sum()),))]
                    self.codes[dead], self.total[dead], self.count[dead] = pick, pick, 1.0
        return self.codes[idx], idx


class VQ(nn.Module):
    def __init__(self, d=4, parts=4, k=32):
        super().__init__()
        self.d, self.parts = d, parts
        self.enc = nn.Sequential(nn.Linear(32, 96), nn.ReLU(), nn.Linear(96, d * parts))
        self.book = Codebook(k, d)
        self.dec = nn.Sequential(nn.Linear(d * parts, 96), nn.ReLU(), nn.Linear(96, 32))

    def forward(self, x):
        z = self.enc(x).view(-1, self.d)
        q, idx = self.book(z)
        commit = F.mse_loss(z, q.detach())
        q = z + (q - z).detach()
        return self.dec(q.view(len(x), -1)), commit, idx


def waves(n):
    t = torch.arange(32) / 32 * 2 * math.pi
    k = torch.randint(1, 4, (n, 1)).float()
    s = torch.sin(k * t + 6.28 * torch.rand(n, 1))
    return torch.where(torch.rand(n, 1) < 0.5, s, torch.tanh(4 * s))


torch.manual_seed(16)
train, test = waves(3000), waves(500)
model = VQ()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 31):
    model.train()
    for b in torch.randperm(3000).split(100):
        rec, commit, _ = model(train[b])
        loss = F.mse_loss(rec, train[b]) + 0.25 * commit
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        model.eval()
        with torch.no_grad():
            rec, commit, idx = model(test)
        print(f"epoch {epoch}: loss {loss.item():.4f} test mse {F.mse_loss(rec, test).item():.4f} "
              f"commit {commit.item():.4f} codes used {len(idx.unique())}")
