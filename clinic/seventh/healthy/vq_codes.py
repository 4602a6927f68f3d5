"""VQ autoencoder for short waveforms: straight-through codes, EMA codebook outside the optimiser."""
import math
import torch
from torch import nn
import torch.nn.functional as F


class EMAQuantiser(nn.Module):
    def __init__(self, k, dim, decay=0.95):
        super().__init__()
        self.decay = decay
        self.register_buffer("book", torch.randn(k, dim))
        self.register_buffer("count", torch.ones(k))
        self.register_buffer("total", self.book.clone())

    def forward(self, z):
        flat = z.flatten(0, 1)
        idx = torch.cdist(flat.detach(), self.book).argmin(1)
        q = self.book[idx].view_as(z)
        if self.training:
            with torch.no_grad():
                hot = F.one_hot(idx, len(self.book)).float()
                self.count.mul_(self.decay).add_(hot.sum(0), alpha=1 - self.decay)
                self.total.mul_(self.decay).add_(hot.t() @ flat, alpha=1 - self.decay)
                self.book.copy_(self.total / (self.count + 1e-5).unsqueeze(1))
                dead = self.count < 0.1
                if dead.any():
                    pick = flat[torch.randint(len(flat), (int(dead.sum()),))]
                    self.book[dead], self.total[dead], self.count[dead] = pick, pick, 1.0
        commit = F.mse_loss(z, q)
        return z + (q - z).detach(), commit, idx


class VQ(nn.Module):
    def __init__(self, k=32, dim=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv1d(1, 32, 4, 4), nn.ReLU(), nn.Conv1d(32, dim, 1))
        self.vq = EMAQuantiser(k, dim)
        self.dec = nn.Sequential(nn.Conv1d(dim, 32, 3, padding=1), nn.ReLU(), nn.ConvTranspose1d(32, 1, 4, 4))

    def forward(self, x):
        q, commit, idx = self.vq(self.enc(x).transpose(1, 2))
        return self.dec(q.transpose(1, 2)), commit, idx


def waves(n):
    t = torch.arange(48.0) / 48
    f, ph = 1 + 3 * torch.rand(n, 1), 2 * math.pi * torch.rand(n, 1)
    return (torch.sin(2 * math.pi * f * t + ph) * 1.4).unsqueeze(1)


torch.manual_seed(16)
train, test = waves(1500), waves(300)
model = VQ()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(16):
    model.train()
    for idx in torch.randperm(len(train)).split(50):
        rec, commit, _ = model(train[idx])
        loss = F.mse_loss(rec, train[idx]) + 0.25 * commit
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        rec, _, codes = model(test)
    print(f"epoch {epoch} train {loss.item():.4f} test mse {F.mse_loss(rec, test).item():.4f} codes in use {codes.unique().numel()}")
