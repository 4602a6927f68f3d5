"""VAE on the digits whose KL term is phased in over the first half: the total rises while it grows."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class VAE(nn.Module):
    def __init__(self, latent=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, 2 * latent))
        self.dec = nn.Sequential(nn.Linear(latent, 128), nn.SiLU(), nn.Linear(128, 64))

    def forward(self, x):
        mu, logvar = self.enc(2 * x - 1).chunk(2, 1)
        z = mu + (0.5 * logvar).exp() * torch.randn_like(mu)
        return self.dec(z), mu, logvar


def terms(model, x):
    logits, mu, logvar = model(x)
    rec = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    kl = 0.5 * (mu ** 2 + logvar.exp() - 1 - logvar).sum() / len(x)
    return rec, kl


def main():
    torch.manual_seed(0)
    x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
    x = x[torch.randperm(len(x))]
    train, valid = x[:1500], x[1500:]
    model = VAE()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    epochs = 40
    for epoch in range(epochs):
        beta = min(1.0, epoch / (epochs / 2))
        total = 0.0
        for batch in train[torch.randperm(1500)].split(50):
            rec, kl = terms(model, batch)
            loss = rec + beta * kl
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / 30
        if epoch % 4 == 3:
            with torch.no_grad():
                r, k = terms(model, valid)
            print(f"epoch {epoch + 1:2d} beta {beta:.2f} loss {total:.3f} valid rec {r:.3f} kl {k:.3f} -elbo {r + k:.3f}")


main()
