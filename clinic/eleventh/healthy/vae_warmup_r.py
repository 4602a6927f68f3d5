"""Variational autoencoder of the digits with summed likelihood and a slow warm-up of the KL weight."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class VAE(nn.Module):
    def __init__(self, z=8, h=96):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, h), nn.SiLU())
        self.mu, self.logvar = nn.Linear(h, z), nn.Linear(h, z)
        self.dec = nn.Sequential(nn.Linear(z, h), nn.SiLU(), nn.Linear(h, 64))

    def forward(self, x):
        h = self.enc(2 * x - 1)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp() if self.training else mu
        return self.dec(z), mu, logvar


def terms(model, x):
    logits, mu, logvar = model(x)
    nll = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum() / len(x)
    return nll, kl


if __name__ == "__main__":
    torch.manual_seed(2)
    data = torch.tensor(load_digits().data, dtype=torch.float32) / 16
    data = data[torch.randperm(len(data))]
    train, valid = data[:1500], data[1500:]
    vae = VAE()
    opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
    epochs = 24
    for epoch in range(1, epochs + 1):
        beta = min(1.0, epoch / 15)
        vae.train()
        for b in torch.randperm(1500).split(50):
            nll, kl = terms(vae, train[b])
            opt.zero_grad()
            (nll + beta * kl).backward()
            opt.step()
        vae.eval()
        with torch.no_grad():
            vn, vk = terms(vae, valid)
        if epoch % 3 == 0:
            print(f"{epoch:2d} beta {beta:.2f} train nll {nll.item():.2f} kl {kl.item():.2f} "
                  f"loss {(nll + beta * kl).item():.2f} | valid nll {vn.item():.2f} elbo {-(vn + vk).item():.2f}")
