"""Variational autoencoder for the 8x8 digits; the test curve of its two loss terms is kept for the plot."""
import resource
import torch
from sklearn.datasets import load_digits
from torch import nn


class VAE(nn.Module):
    def __init__(self, d=64, h=128, z=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(d, h), nn.ReLU(), nn.Linear(h, 2 * z))
        self.dec = nn.Sequential(nn.Linear(z, h), nn.ReLU(), nn.Linear(h, d))

    def forward(self, x):
        mu, logvar = self.enc(x).chunk(2, dim=1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


class History:
    def __init__(self):
        self.records = []

    def add(self, **terms):
        self.records.append(terms)  # cure: self.records.append({k: v.detach() for k, v in terms.items()})

    def mean(self, key, last):
        return sum(float(r[key].mean()) for r in self.records[-last:]) / last


def elbo_terms(x, out, mu, logvar):
    rec = nn.functional.binary_cross_entropy_with_logits(out, x, reduction="none")
    kl = -0.5 * (1 + logvar - mu ** 2 - logvar.exp())
    return rec.sum(1), kl.sum(1)


def main():
    torch.manual_seed(64)
    x = torch.tensor(load_digits().data / 16, dtype=torch.float32)
    x = x[torch.randperm(len(x))]
    train, test = x[:1500], x[1500:]
    vae = VAE()
    opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
    history = History()
    for epoch in range(1, 25):
        batches = torch.randperm(len(train)).split(50)
        for i, idx in enumerate(batches):
            out, mu, logvar = vae(train[idx])
            rec, kl = elbo_terms(train[idx], out, mu, logvar)
            opt.zero_grad()
            (rec + kl).mean().backward()
            opt.step()
            if i % 3 == 0:
                rec, kl = elbo_terms(test, *vae(test))
                history.add(rec=rec, kl=kl)
        if epoch % 3 == 0:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"epoch {epoch} test rec {history.mean('rec', 10):.2f} kl {history.mean('kl', 10):.2f} memory {memory} MiB")


main()
