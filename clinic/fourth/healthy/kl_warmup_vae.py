"""VAE of digits whose KL term is faded in over the first epochs, so that the latent space is used."""
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


@dataclass
class Config:
    latent: int = 6
    hidden: int = 128
    epochs: int = 40
    warmup: int = 25
    lr: float = 2e-3


class DigitVAE(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, c.hidden), nn.ReLU())
        self.mu, self.logvar = nn.Linear(c.hidden, c.latent), nn.Linear(c.hidden, c.latent)
        self.dec = nn.Sequential(nn.Linear(c.latent, c.hidden), nn.ReLU(), nn.Linear(c.hidden, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (logvar / 2).exp()
        rec = F.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1).mean()
        kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1).mean()
        return rec, kl


def main(c=Config()):
    torch.manual_seed(0)
    x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
    x = x[torch.randperm(len(x))]
    train, valid = x[:1500], x[1500:]
    model = DigitVAE(c)
    opt = torch.optim.Adam(model.parameters(), lr=c.lr)
    for epoch in range(c.epochs):
        beta = min(1.0, epoch / c.warmup)
        total = 0.0
        for idx in torch.randperm(len(train)).split(50):
            rec, kl = model(train[idx])
            loss = rec + beta * kl
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        if epoch % 4 == 3:
            with torch.no_grad():
                rec, kl = model(valid)
            print(f"epoch {epoch + 1:2d} beta {beta:.2f} objective {total / len(train):.2f} "
                  f"valid bound {(rec + kl).item():.2f} (rec {rec.item():.2f}, kl {kl.item():.2f})")


main()
