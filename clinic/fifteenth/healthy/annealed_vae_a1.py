"""VAE with KL annealing: the weighted loss climbs while the weight of the KL term grows to one; the ELBO is reported."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(9)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = x[torch.randperm(len(x))]
train, valid = x[:1500], x[1500:]


class VAE(nn.Module):
    def __init__(self, latent=6, hidden=64):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 2 * latent))
        self.dec = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, 64))

    def terms(self, x):
        mu, logvar = self.enc(x).chunk(2, 1)
        z = mu + (0.5 * logvar).exp() * torch.randn_like(mu)
        rec = nn.functional.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1).mean()
        kl = 0.5 * (mu ** 2 + logvar.exp() - 1 - logvar).sum(1).mean()
        return rec, kl


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
for epoch in range(1, 61):
    beta = min(1.0, epoch / 30)
    rec_sum = kl_sum = 0.0
    batches = torch.randperm(len(train)).split(50)
    for idx in batches:
        rec, kl = vae.terms(train[idx])
        loss = rec + beta * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        rec_sum, kl_sum = rec_sum + rec.item(), kl_sum + kl.item()
    if epoch % 6 == 0:
        with torch.no_grad():
            vr, vk = vae.terms(valid)
        r, k = rec_sum / len(batches), kl_sum / len(batches)
        print(f"epoch {epoch:2d}  beta {beta:.2f}  loss {r + beta * k:.3f}  -ELBO {r + k:.3f}  valid -ELBO {(vr + vk).item():.3f}")
