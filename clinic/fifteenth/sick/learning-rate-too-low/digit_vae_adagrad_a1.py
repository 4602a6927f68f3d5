"""Variational autoencoder for the 8x8 digits."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(30)
CONFIG = dict(
    latent=8,
    hidden=96,
    batch=64,
    epochs=40,
    lr=1e-4,  # cure: lr=3e-2,
)


class VAE(nn.Module):
    def __init__(self, latent, hidden):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, hidden), nn.ReLU())
        self.mu, self.logvar = nn.Linear(hidden, latent), nn.Linear(hidden, latent)
        self.dec = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def neg_elbo(vae, x):
    logits, mu, logvar = vae(x)
    rec = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    kl = -0.5 * (1 + logvar - mu ** 2 - logvar.exp()).sum() / len(x)
    return rec + kl, rec, kl


pixels = torch.tensor(load_digits().data, dtype=torch.float32) / 16
pixels = pixels[torch.randperm(len(pixels))]
train, test = pixels[:1500], pixels[1500:]
vae = VAE(CONFIG["latent"], CONFIG["hidden"])
opt = torch.optim.Adagrad(vae.parameters(), lr=CONFIG["lr"])
for epoch in range(CONFIG["epochs"]):
    sums = torch.zeros(3)
    batches = torch.randperm(len(train)).split(CONFIG["batch"])
    for idx in batches:
        loss, rec, kl = neg_elbo(vae, train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sums += torch.stack([loss.detach(), rec.detach(), kl.detach()])
    if epoch % 4 == 3:
        with torch.no_grad():
            t = neg_elbo(vae, test)[0].item()
        s = (sums / len(batches)).tolist()
        print(f"epoch {epoch + 1:2d}  -ELBO {s[0]:.3f}  rec {s[1]:.3f}  kl {s[2]:.3f}  test -ELBO {t:.3f}")
