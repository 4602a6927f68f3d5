"""VAE on digits with the ELBO summed over pixels and batch, and a KL term that is warmed up."""
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class VAE(nn.Module):
    def __init__(self, latent=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 128), nn.ReLU())
        self.mu, self.logvar = nn.Linear(128, latent), nn.Linear(128, latent)
        self.dec = nn.Sequential(nn.Linear(latent, 128), nn.ReLU(), nn.Linear(128, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def elbo_terms(model, x):
    out, mu, logvar = model(x)
    rec = F.binary_cross_entropy_with_logits(out, x, reduction="sum")
    kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum()
    return rec, kl


torch.manual_seed(52)
data = torch.tensor(load_digits().data, dtype=torch.float32) / 16
data = data[torch.randperm(len(data))]
train, test = data[:1500], data[1500:]
model = VAE()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 41):
    beta = min(1.0, epoch / 15)
    rec_sum = kl_sum = 0.0
    for idx in torch.randperm(1500).split(64):
        rec, kl = elbo_terms(model, train[idx])
        loss = rec + beta * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        rec_sum += rec.item()
        kl_sum += kl.item()
    if epoch % 5 == 0:
        with torch.no_grad():
            r, k = elbo_terms(model, test)
        print(f"epoch {epoch} beta {beta:.2f} rec {rec_sum:.0f} kl {kl_sum:.0f} test elbo/sample {-(r + k).item() / len(test):.2f}")
