"""Variational autoencoder for the 8x8 digits; the weight of the divergence grows from 0 to 1 over the first half, so the
training objective rises on purpose while the bound at full weight falls."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(2)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = x[torch.randperm(len(x))]
train, valid = x[:1500], x[1500:]


class VAE(nn.Module):
    def __init__(self, latent=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ReLU())
        self.mu, self.logvar = nn.Linear(96, latent), nn.Linear(96, latent)
        self.dec = nn.Sequential(nn.Linear(latent, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        h = self.enc(2 * x - 1)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def parts(model, x):
    logits, mu, logvar = model(x)
    rec = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1).mean()
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(1).mean()
    return rec, kl


model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
EPOCHS = 40
for epoch in range(EPOCHS):
    weight = min(1.0, epoch / (EPOCHS / 2))
    total = 0.0
    for batch in train[torch.randperm(len(train))].split(50):
        rec, kl = parts(model, batch)
        loss = rec + weight * kl
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 30
    if epoch % 4 == 3:
        with torch.no_grad():
            rec, kl = parts(model, valid)
        print(f"epoch {epoch + 1:2d}  weight {weight:.2f}  objective {total:.3f}  valid reconstruction {rec:.3f}  divergence {kl:.3f}  bound {rec + kl:.3f}")
