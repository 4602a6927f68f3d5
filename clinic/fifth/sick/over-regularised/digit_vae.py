"""Variational autoencoder on 8x8 digits with a Gaussian latent of eight dimensions."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader


class VAE(nn.Module):
    def __init__(self, hidden=96, z=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, hidden), nn.ReLU())
        self.mu, self.logvar = nn.Linear(hidden, z), nn.Linear(hidden, z)
        self.dec = nn.Sequential(nn.Linear(z, hidden), nn.ReLU(), nn.Linear(hidden, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu
        if self.training:
            z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def vae_loss(logits, x, mu, logvar):
    recon = F.binary_cross_entropy_with_logits(logits, x)  # cure: recon = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1).mean()
    return recon + kl, recon, kl


def explained(model, x):
    model.eval()
    with torch.no_grad():
        rec = torch.sigmoid(model(x)[0])
    return 1 - ((rec - x) ** 2).mean().item() / ((x - x.mean(0)) ** 2).mean().item()


def main():
    torch.manual_seed(1)
    x = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
    x = x[torch.randperm(len(x))]
    train, valid = x[:1500], x[1500:]
    loader = DataLoader(train, batch_size=50, shuffle=True)
    model = VAE()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(1, 31):
        model.train()
        sums = [0.0, 0.0, 0.0]
        for xb in loader:
            logits, mu, logvar = model(xb)
            parts = vae_loss(logits, xb, mu, logvar)
            opt.zero_grad()
            parts[0].backward()
            opt.step()
            sums = [s + p.item() for s, p in zip(sums, parts)]
        if epoch % 3 == 0:
            total, rec, kl = (s / len(loader) for s in sums)
            print(f"epoch {epoch:2d} | loss {total:.3f} = recon {rec:.3f} + kl {kl:.3f} | "
                  f"explained variance on valid {explained(model, valid):.3f}")


main()
