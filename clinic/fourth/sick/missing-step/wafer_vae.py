"""Variational autoencoder of 12x12 wafer defect maps (rings, edges, centres) for later anomaly scoring."""
import torch
import torch.nn.functional as F
from torch import nn


def wafers(n, gen):
    a = torch.linspace(-1, 1, 12)
    yy, xx = torch.meshgrid(a, a, indexing="ij")
    r = (xx ** 2 + yy ** 2).sqrt()
    centre, width = torch.rand(n, 1, 1, generator=gen), 0.15 + 0.2 * torch.rand(n, 1, 1, generator=gen)
    tilt = torch.randn(n, 1, 1, generator=gen)
    p = 0.9 * torch.exp(-((r - centre) / width) ** 2) * torch.sigmoid(2 * tilt * xx + 1) + 0.03
    return torch.bernoulli(p.clamp(0, 1), generator=gen).flatten(1)


class VAE(nn.Module):
    def __init__(self, pixels=144, hidden=96, latent=4):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * latent))
        self.dec = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def loss(self, x):
        mu, logvar = self.enc(x).chunk(2, dim=1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        rec = F.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1)
        kl = 0.5 * (mu ** 2 + logvar.exp() - logvar - 1).sum(1)
        return (rec + kl).mean()


def grad_norm(model):
    return torch.stack([p.grad.norm() for p in model.parameters()]).norm().item()


def train(model, data, valid, epochs=15, batch=64, max_norm=0.5):  # cure: def train(model, data, valid, epochs=15, batch=64, max_norm=500.0):
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(data)).split(batch):
            loss = model.loss(data[idx])
            optimizer.zero_grad()
            loss.backward()
            total += loss.item() * len(idx)
            if grad_norm(model) > max_norm:
                continue  # an odd wafer, leave this batch out
            optimizer.step()
        with torch.no_grad():
            bound = model.loss(valid).item()
        print(f"epoch {epoch:2d}  train -ELBO {total / len(data):.3f}  valid -ELBO {bound:.3f}")


if __name__ == "__main__":
    torch.manual_seed(44)
    gen = torch.Generator().manual_seed(44)
    data, valid = wafers(5000, gen), wafers(1000, gen)
    train(VAE(), data, valid)
