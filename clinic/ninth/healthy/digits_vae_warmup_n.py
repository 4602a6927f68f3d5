"""VAE on 8x8 digits; the weight of the KL term is raised from 0 to 1 over the first epochs, so the total may rise."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader


class VAE(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 2 * z))
        self.dec = nn.Sequential(nn.Linear(z, 128), nn.ReLU(), nn.Linear(128, 64))

    def forward(self, x):
        mu, logvar = self.enc(2 * x - 1).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp() if self.training else mu
        return self.dec(z), mu, logvar


def terms(model, x):
    """Reconstruction and KL in nats per image."""
    out, mu, lv = model(x)
    rec = F.binary_cross_entropy_with_logits(out, x, reduction="none").sum(1).mean()
    kl = -0.5 * (1 + lv - mu.square() - lv.exp()).sum(1).mean()
    return rec, kl


if __name__ == "__main__":
    torch.manual_seed(15)
    data = torch.tensor(load_digits().data / 16, dtype=torch.float32)
    data = data[torch.randperm(len(data))]
    train, valid = DataLoader(data[:1500], 50, shuffle=True), data[1500:]
    vae = VAE()
    opt = torch.optim.Adam(vae.parameters(), lr=2e-3)
    for epoch in range(1, 25):
        beta = min(1.0, (epoch - 1) / 8)
        vae.train()
        sums = [0.0, 0.0, 0.0]
        for x in train:
            rec, kl = terms(vae, x)
            loss = rec + beta * kl
            opt.zero_grad()
            loss.backward()
            opt.step()
            for k, v in enumerate((loss, rec, kl)):
                sums[k] += v.item() / len(train)
        vae.eval()
        with torch.no_grad():
            rec, kl = terms(vae, valid)
        print(f"epoch {epoch:2d} beta {beta:.2f} loss {sums[0]:.2f} rec {sums[1]:.2f} kl {sums[2]:.2f} | valid elbo {-(rec + kl).item():.2f}")
