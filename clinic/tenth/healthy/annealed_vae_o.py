"""VAE on digits; the weight of the KL term is raised during the first half, so the total rises for a while."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class VAE(nn.Module):
    def __init__(self, latent=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ELU())
        self.mu, self.logvar = nn.Linear(96, latent), nn.Linear(96, latent)
        self.dec = nn.Sequential(nn.Linear(latent, 96), nn.ELU(), nn.Linear(96, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp() if self.training else mu
        return self.dec(z), mu, logvar


def terms(model, x):
    out, mu, logvar = model(x)
    rec = F.binary_cross_entropy_with_logits(out, x, reduction="none").sum(1).mean()
    kl = 0.5 * (mu ** 2 + logvar.exp() - 1 - logvar).sum(1).mean()
    return rec, kl


torch.manual_seed(60)
data = torch.tensor(load_digits().data / 16, dtype=torch.float32)
data = data[torch.randperm(len(data))]
train, valid = data[:1500], data[1500:]
model = VAE()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
EPOCHS = 24
for epoch in range(EPOCHS):
    beta = min(1.0, 2 * epoch / EPOCHS)
    model.train()
    for idx in torch.randperm(1500).split(50):
        rec, kl = terms(model, train[idx])
        loss = rec + beta * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        rec, kl = terms(model, valid)
    if epoch % 2:
        print(f"epoch {epoch + 1} beta {beta:.2f} loss {loss.item():.2f} valid reconstruction {rec:.2f} kl {kl:.2f} elbo {-(rec + kl):.2f}")
