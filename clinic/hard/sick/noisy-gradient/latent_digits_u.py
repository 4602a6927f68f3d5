"""Variational autoencoder with a Gaussian latent on the digits, objective written out term by term."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.distributions import Normal, kl_divergence

torch.manual_seed(0)
pixels = torch.tensor(load_digits().data, dtype=torch.float32) / 16
pixels = pixels[torch.randperm(len(pixels))]
train_x, test_x = pixels[:1500], pixels[1500:]
DIM = 6


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2 * DIM))
        self.dec = nn.Sequential(nn.Linear(DIM, 64), nn.ReLU(), nn.Linear(64, 64))

    def posterior(self, x):
        mean, raw = self.enc(x).chunk(2, 1)
        return Normal(mean, F.softplus(raw) + 1e-3)

    def nll(self, x, z):
        return F.binary_cross_entropy_with_logits(self.dec(z), x, reduction="none").sum(1)


def surrogate(model, x):
    """The objective to descend and the negative ELBO to report."""
    q = model.posterior(x)
    kl = kl_divergence(q, Normal(0.0, 1.0)).sum(1)
    z = q.sample()  # cure: z = q.rsample()
    nll = model.nll(x, z)
    elbo = (nll + kl).mean()
    return (nll + kl + nll.detach() * q.log_prob(z).sum(1)).mean(), elbo  # cure: return elbo, elbo


model = VAE()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(1, 41):
    total = 0.0
    for idx in torch.randperm(len(train_x)).split(50):
        loss, elbo = surrogate(model, train_x[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += elbo.item() * len(idx)
    if epoch % 5 == 0:
        with torch.no_grad():
            q = model.posterior(test_x)
            rec = model.nll(test_x, q.mean).mean().item()
            kl = kl_divergence(q, Normal(0.0, 1.0)).sum(1).mean().item()
        print(f"epoch {epoch:2d}  negative elbo {total / len(train_x):.3f}  test reconstruction {rec:.3f}  test kl {kl:.3f}")
