"""Variational autoencoder for the 8x8 digits with a 6-dimensional code; the ELBO is the objective."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split


class VAE(nn.Module):
    def __init__(self, latent=6, hidden=80):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, hidden), nn.ELU())
        self.mean, self.logvar = nn.Linear(hidden, latent), nn.Linear(hidden, latent)
        self.dec = nn.Sequential(nn.Linear(latent, hidden), nn.ELU(), nn.Linear(hidden, 64))

    def elbo(self, x):
        h = self.enc(x)
        mu, logvar = self.mean(h), self.logvar(h).clamp(-8, 4)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        rec = -nn.functional.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1)
        kl = 0.5 * (mu ** 2 + logvar.exp() - logvar - 1).sum(1)
        return (rec - kl).mean()


def make_optimizer(model, lr):
    return torch.optim.Adam(model.parameters(), lr=lr, maximize=True)  # cure: return torch.optim.Adam(model.parameters(), lr=lr)


def main(epochs=14):
    torch.manual_seed(13)
    x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
    train, test = random_split(TensorDataset(x), [1500, 297])
    loader = DataLoader(train, batch_size=60, shuffle=True)
    test_x = x[test.indices]
    vae = VAE()
    opt = make_optimizer(vae, 2e-3)
    for epoch in range(epochs):
        running = 0.0
        for (xi,) in loader:
            loss = -vae.elbo(xi)
            opt.zero_grad()
            loss.backward()
            opt.step()
            running += loss.item() / len(loader)
        with torch.no_grad():
            print(f"epoch {epoch:2d}: negative elbo, train {running:.3f}, test {-vae.elbo(test_x).item():.3f}")


if __name__ == "__main__":
    main()
