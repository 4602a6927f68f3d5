"""Variational autoencoder on the digits; the weight of the KL term is raised from 0 to 1 over the first epochs."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
imgs = torch.tensor(load_digits().data / 16).float()
imgs = imgs[torch.randperm(len(imgs))]
train, test = imgs[:1500], imgs[1500:]


class VAE(nn.Module):
    def __init__(self, latent=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.SiLU(), nn.Linear(96, 2 * latent))
        self.dec = nn.Sequential(nn.Linear(latent, 96), nn.SiLU(), nn.Linear(96, 64))

    def forward(self, x):
        mu, logvar = self.enc(2 * x - 0.6).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        rec = nn.functional.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1).mean()
        kl = 0.5 * (mu ** 2 + logvar.exp() - 1 - logvar).sum(1).mean()
        return rec, kl


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
EPOCHS, WARM = 40, 20
for epoch in range(EPOCHS):
    beta = min(1.0, epoch / WARM)
    total = 0.0
    for x in train[torch.randperm(len(train))].split(50):
        rec, kl = vae(x)
        loss = rec + beta * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    if epoch % 4 == 3:
        with torch.no_grad():
            rec, kl = vae(test)
        print(f"epoch {epoch + 1:2d} beta {beta:.2f} objective {total:.2f} | test: reconstruction {rec:.2f} kl {kl:.2f} "
              f"elbo {-(rec + kl):.2f}")
