"""Variational autoencoder on the 8x8 digits (Bernoulli pixels, eight latent dimensions)."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.distributions import Normal, kl_divergence


class VAE(nn.Module):
    def __init__(self, pixels=64, hidden=128, latent=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * latent))
        self.dec = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels))
        self.bce = nn.BCEWithLogitsLoss()  # cure: self.bce = nn.BCEWithLogitsLoss(reduction="none")

    def posterior(self, x):
        mu, log_std = self.enc(x).chunk(2, -1)
        return Normal(mu, log_std.clamp(-5, 3).exp())

    def loss(self, x):
        q = self.posterior(x)
        rec = self.bce(self.dec(q.rsample()), x)  # cure: rec = self.bce(self.dec(q.rsample()), x).sum(-1).mean()
        kl = kl_divergence(q, Normal(0.0, 1.0)).sum(-1).mean()
        return rec + kl, rec, kl

    @torch.no_grad()
    def rmse(self, x):
        return (torch.sigmoid(self.dec(self.posterior(x).mean)) - x).square().mean().sqrt().item()


class Trainer:
    def __init__(self, seed=3, epochs=24, batch=32):
        torch.manual_seed(seed)
        x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
        x = x[torch.randperm(len(x))]
        self.train, self.valid = x[:1500], x[1500:]
        self.model, self.epochs, self.batch = VAE(), epochs, batch
        self.opt = torch.optim.Adam(self.model.parameters(), lr=2e-3)

    def epoch(self):
        sums = torch.zeros(3)
        batches = torch.randperm(len(self.train)).split(self.batch)
        for rows in batches:
            terms = self.model.loss(self.train[rows])
            self.opt.zero_grad()
            terms[0].backward()
            self.opt.step()
            sums += torch.stack([t.detach() for t in terms])
        return (sums / len(batches)).tolist()

    def run(self):
        base = (self.valid - self.train.mean(0)).square().mean().sqrt()
        print(f"mean image: rmse {base:.4f}")
        for e in range(1, self.epochs + 1):
            total, rec, kl = self.epoch()
            if e % 2 == 0:
                print(f"epoch {e:2d}: loss {total:.3f} = reconstruction {rec:.3f} + kl {kl:.3f}; validation rmse {self.model.rmse(self.valid):.4f}")


if __name__ == "__main__":
    Trainer().run()
