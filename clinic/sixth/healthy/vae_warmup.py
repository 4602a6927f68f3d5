"""VAE on the digits with KL warm-up: the objective rises while the weight of the KL term goes from 0 to 1."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class VAE(nn.Module):
    def __init__(self, z=6, h=96):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, h), nn.ReLU())
        self.mu, self.logvar = nn.Linear(h, z), nn.Linear(h, z)
        self.dec = nn.Sequential(nn.Linear(z, h), nn.ReLU(), nn.Linear(h, 64))

    def forward(self, x):
        h = self.enc(x - 0.3)
        mu, lv = self.mu(h), self.logvar(h).clamp(-8, 4)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * lv)
        return self.dec(z), mu, lv


def terms(model, x):
    logits, mu, lv = model(x)
    rec = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1).mean()
    kl = 0.5 * (mu ** 2 + lv.exp() - 1 - lv).sum(1).mean()
    return rec, kl


torch.manual_seed(42)
x = torch.tensor(load_digits().data / 16, dtype=torch.float32)
x = x[torch.randperm(len(x))]
train, test = x[:1500], x[1500:]
model = VAE()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
EPOCHS, WARM = 45, 30
for epoch in range(EPOCHS):
    beta = min(1.0, epoch / WARM)
    total = 0.0
    for idx in torch.randperm(len(train)).split(100):
        rec, kl = terms(model, train[idx])
        loss = rec + beta * kl
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    if epoch % 5 == 4:
        with torch.no_grad():
            rec, kl = terms(model, test)
        print(f"epoch {epoch + 1} beta {beta:.2f} objective {total / len(train):.3f} test rec {rec:.3f} kl {kl:.3f} -elbo {rec + kl:.3f}")
