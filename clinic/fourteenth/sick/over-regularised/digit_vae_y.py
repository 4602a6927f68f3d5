"""A variational autoencoder of the digits with an 8-dimensional code."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader

torch.manual_seed(23)


class VAE(nn.Module):
    def __init__(self, code=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 64), nn.ReLU())
        self.mu, self.logvar = nn.Linear(64, code), nn.Linear(64, code)
        self.dec = nn.Sequential(nn.Linear(code, 64), nn.ReLU(), nn.Linear(64, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def terms(x, logits, mu, logvar):
    reconstruction = F.binary_cross_entropy_with_logits(logits, x)  # cure: reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    divergence = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1).mean()
    return reconstruction, divergence


pixels = torch.tensor(load_digits().data, dtype=torch.float32) / 16
pixels = pixels[torch.randperm(len(pixels))]
train_loader = DataLoader(pixels[:1500], batch_size=50, shuffle=True)
held_out = pixels[1500:]
vae = VAE()
optimizer = torch.optim.Adam(vae.parameters(), lr=4e-3)

for epoch in range(1, 31):
    vae.train()
    rec_sum = kl_sum = 0.0
    for x in train_loader:
        rec, kl = terms(x, *vae(x))
        loss = rec + kl
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rec_sum += rec.item() / len(train_loader)
        kl_sum += kl.item() / len(train_loader)
    if epoch % 3 == 0:
        vae.eval()
        with torch.no_grad():
            error = (torch.sigmoid(vae(held_out)[0]) - held_out).pow(2).mean().item()
        print(f"epoch {epoch:2d}: reconstruction {rec_sum:.4f}  kl {kl_sum:.4f}  held-out pixel mse {error:.4f}")
