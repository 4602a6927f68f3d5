"""Variational autoencoder on digits; the weight of the KL term is warmed up from 0 to 1 over the first epochs."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(3)
x = torch.tensor(load_digits().data / 16.0).float()
x = x[torch.randperm(len(x))]
train, test = x[:1500], x[1500:]


class VAE(nn.Module):
    def __init__(self, z=5):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 64), nn.ReLU())
        self.mu, self.logvar = nn.Linear(64, z), nn.Linear(64, z)
        self.dec = nn.Sequential(nn.Linear(z, 64), nn.ReLU(), nn.Linear(64, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def parts(model, x):
    out, mu, logvar = model(x)
    rec = F.binary_cross_entropy_with_logits(out, x, reduction="none").sum(1).mean()
    kl = -0.5 * (1 + logvar - mu ** 2 - logvar.exp()).sum(1).mean()
    return rec, kl


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
EPOCHS, WARMUP = 30, 15
for epoch in range(EPOCHS):
    beta = min(1.0, epoch / WARMUP)
    running = 0.0
    for b in torch.randperm(len(train)).split(50):
        rec, kl = parts(vae, train[b])
        loss = rec + beta * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        running += loss.item() / 30
    if epoch % 3 == 2:
        with torch.no_grad():
            rec, kl = parts(vae, test)
        print(f"epoch {epoch + 1:2d} beta {beta:.2f} objective {running:.2f} | test rec {rec:.2f} kl {kl:.2f} elbo {-(rec + kl):.2f}")
