"""VAE on digits whose weight of the KL term is steered so that the code carries about eight nats."""
import math

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
x_all = torch.tensor(load_digits().data, dtype=torch.float32) / 16
RATE, GAIN = 8.0, 0.15  # cure: RATE, GAIN = 8.0, 0.002


class VAE(nn.Module):
    def __init__(self, latent=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2 * latent))
        self.dec = nn.Sequential(nn.Linear(latent, 64), nn.ReLU(), nn.Linear(64, 64))

    def forward(self, x):
        mu, logvar = self.enc(x).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        recon = F.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1).mean()
        kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum(1).mean()
        return recon, kl


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=1e-3)
log_beta = 0.0
for epoch in range(60):
    recs, kls, objective = [], [], []
    for rows in torch.randperm(len(x_all)).split(64):
        recon, kl = vae(x_all[rows])
        loss = recon + math.exp(log_beta) * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        log_beta = min(max(log_beta + GAIN * (kl.item() - RATE), -6.0), 4.0)
        objective.append(loss.item())
        recs.append(recon.item())
        kls.append(kl.item())
    print(f"epoch {epoch + 1:2d}  loss {sum(objective) / len(kls):.2f}  reconstruction {sum(recs) / len(recs):.2f}  kl {sum(kls) / len(kls):.2f}  beta {math.exp(log_beta):.3f}")
