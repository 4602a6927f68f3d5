"""Variational autoencoder on the digits; the codes of every step are collected for a picture of how they move."""
import resource

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class VAE(nn.Module):
    def __init__(self, width=256, latent=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
        self.stats = nn.Linear(width, 2 * latent)
        self.dec = nn.Sequential(nn.Linear(latent, width), nn.ReLU(), nn.Linear(width, 64))

    def forward(self, x):
        mu, logvar = self.stats(self.enc(x)).chunk(2, dim=1)
        z = mu + torch.exp(logvar / 2) * torch.randn_like(mu)
        return self.dec(z), mu, logvar


def elbo_loss(logits, x, mu, logvar):
    rec = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum()
    return (rec + kl) / len(x)


def main(epochs=40, batch=200):
    torch.manual_seed(9)
    data = torch.tensor(load_digits().data, dtype=torch.float32)[torch.randperm(1797)] / 16
    train, valid = data[:1500], data[1500:]
    vae = VAE()
    optimizer = torch.optim.Adam(vae.parameters(), lr=1e-3)
    journey = []
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(train)).split(batch):
            logits, mu, logvar = vae(train[idx])
            loss = elbo_loss(logits, train[idx], mu, logvar)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx) / len(train)
            journey.append(vae.stats(vae.enc(train))[:, :2])  # cure: journey.append(vae.stats(vae.enc(train))[:, :2].detach())
        if epoch % 4 == 3:
            with torch.no_grad():
                held_out = elbo_loss(vae(valid)[0], valid, *vae(valid)[1:])
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"epoch {epoch + 1}: train {total:.2f} valid {held_out:.2f} memory {memory:.0f} MB")
    print("codes collected:", len(journey), "spread of the last:", round(journey[-1].std().item(), 3))


if __name__ == "__main__":
    main()
