"""VAE of the 8x8 digits; the KL weight is warmed up from 0 to 1 (so the total loss goes up for a while)."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(1)


class VAE(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 2 * z))
        self.dec = nn.Sequential(nn.Linear(z, 128), nn.ReLU(), nn.Linear(128, 64))

    def forward(self, x):
        mu, logvar = self.enc(x * 2 - 1).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp() if self.training else mu
        rec = F.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1).mean()
        kl = 0.5 * (mu ** 2 + logvar.exp() - 1 - logvar).sum(1).mean()
        return rec, kl


x = torch.tensor(load_digits().data / 16, dtype=torch.float32)
x = x[torch.randperm(len(x))]
train, held = x[:1500], x[1500:]
vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
EPOCHS, WARM = 40, 25
for epoch in range(EPOCHS):
    beta = min(1.0, epoch / WARM)
    vae.train()
    sums = torch.zeros(3)
    batches = torch.randperm(len(train)).split(60)
    for idx in batches:
        rec, kl = vae(train[idx])
        loss = rec + beta * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        sums += torch.tensor([loss.item(), rec.item(), kl.item()]) / len(batches)
    vae.eval()
    with torch.no_grad():
        rec, kl = vae(held)
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1:2d} beta {beta:.2f} loss {sums[0]:.2f} (rec {sums[1]:.2f}, kl {sums[2]:.2f}) "
              f"held-out rec {rec:.2f} elbo {-(rec + kl):.2f}")
