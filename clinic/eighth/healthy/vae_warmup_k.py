"""Variational autoencoder on the digits, the KL weight is warmed up over the first epochs."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class VAE(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ReLU())
        self.mu, self.logvar = nn.Linear(96, z), nn.Linear(96, z)
        self.dec = nn.Sequential(nn.Linear(z, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, lv = self.mu(h), self.logvar(h)
        return self.dec(mu + torch.randn_like(mu) * (lv / 2).exp()), mu, lv


torch.manual_seed(0)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = x[torch.randperm(len(x))]
train, valid = x[:1500], x[1500:]
vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
for epoch in range(24):
    beta = min(1.0, epoch / 12)
    total = 0.0
    for idx in torch.randperm(1500).split(50):
        logits, mu, lv = vae(train[idx])
        rec = F.binary_cross_entropy_with_logits(logits, train[idx], reduction="sum") / len(idx)
        kl = -0.5 * (1 + lv - mu ** 2 - lv.exp()).sum(1).mean()
        loss = rec + beta * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    if epoch % 3 == 2:
        with torch.no_grad():
            logits, mu, lv = vae(valid)
            r = F.binary_cross_entropy_with_logits(logits, valid, reduction="sum") / len(valid)
            k = -0.5 * (1 + lv - mu ** 2 - lv.exp()).sum(1).mean()
        print(f"epoch {epoch + 1} beta {beta:.2f} objective {total:.3f} | valid rec {r:.3f} kl {k:.3f} bound {r + k:.3f}")
