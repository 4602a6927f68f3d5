"""Variational autoencoder on 8x8 digits (4 latent dimensions): reconstruction plus KL term."""
import torch
from torch import nn
from sklearn.datasets import load_digits


class VAE(nn.Module):
    def __init__(self, latent=4):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 2 * latent))
        self.dec = nn.Sequential(nn.Linear(latent, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        mu, logvar = self.enc(x).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def elbo_terms(x, out, mu, logvar):
    recon = (x - out).pow(2).mean(1).mean()  # cure: recon = (x - out).pow(2).sum(1).mean()
    kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1).mean()
    return recon, kl


torch.manual_seed(0)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 4
x = (x - x.mean(0))[torch.randperm(1797)]
x_test, x = x[:300], x[300:]
vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
print(f"variance per pixel in the test images: {x_test.pow(2).mean().item():.4f}")
for epoch in range(1, 26):
    for idx in torch.randperm(len(x)).split(64):
        recon, kl = elbo_terms(x[idx], *vae(x[idx]))
        loss = recon + kl
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 1:
        with torch.no_grad():
            out, mu, logvar = vae(x_test)
        print(f"epoch {epoch:2d} loss {loss.item():.4f} kl {kl.item():.4f} "
              f"reconstruction error per pixel {(out - x_test).pow(2).mean().item():.4f}")
