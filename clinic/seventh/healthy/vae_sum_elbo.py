"""VAE on 8x8 digits with the ELBO summed over pixels and the whole batch, KL warm-up over the first epochs."""
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class VAE(nn.Module):
    def __init__(self, z=6):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 128), nn.SiLU())
        self.mu, self.logvar = nn.Linear(128, z), nn.Linear(128, z)
        self.dec = nn.Sequential(nn.Linear(z, 128), nn.SiLU(), nn.Linear(128, 64))

    def forward(self, x):
        h = self.enc(2 * x - 1)
        mu, lv = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * lv).exp()
        return self.dec(z), mu, lv


def parts(model, x):
    out, mu, lv = model(x)
    rec = F.binary_cross_entropy_with_logits(out, x, reduction="sum")
    kl = -0.5 * (1 + lv - mu ** 2 - lv.exp()).sum()
    return rec, kl


def main(epochs=25):
    torch.manual_seed(2)
    x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
    x = x[torch.randperm(len(x))]
    train, test = x[:1500], x[1500:]
    model = VAE()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(1, epochs + 1):
        beta = min(1.0, epoch / 8)
        model.train()
        tr = 0.0
        for idx in torch.randperm(len(train)).split(50):
            rec, kl = parts(model, train[idx])
            loss = rec + beta * kl
            opt.zero_grad()
            loss.backward()
            opt.step()
            tr += loss.item()
        if epoch % 3 == 1:
            model.eval()
            with torch.no_grad():
                rec, kl = parts(model, test)
            print(f"epoch {epoch}: loss of the epoch {tr:.0f}  test rec {rec / len(test):.2f} kl {kl / len(test):.2f} elbo {-(rec + kl) / len(test):.2f}")


main()
