"""A recurrent variational autoencoder for short melodies; the KL weight is raised slowly from 0 to 1."""
import torch
import torch.nn as nn
import torch.nn.functional as F

NOTES, LENGTH, LATENT = 12, 8, 4


def melodies(n):
    start = torch.randint(0, NOTES, (n, 1))
    step = torch.randint(-2, 3, (n, 1))
    line = start + step * torch.arange(LENGTH)
    slip = (torch.rand(n, LENGTH) < 0.05) * torch.randint(1, NOTES, (n, LENGTH))
    return (line + slip) % NOTES


class MelodyVAE(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.embed = nn.Embedding(NOTES, 16)
        self.encoder = nn.GRU(16, hidden, batch_first=True)
        self.to_latent = nn.Linear(hidden, 2 * LATENT)
        self.decoder = nn.Sequential(nn.Linear(LATENT, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(),
                                     nn.Linear(96, LENGTH * NOTES))

    def forward(self, m):
        _, h = self.encoder(self.embed(m))
        mu, logvar = self.to_latent(h[0]).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (logvar / 2).exp() if self.training else mu
        scores = self.decoder(z).view(-1, LENGTH, NOTES)
        rec = F.cross_entropy(scores.transpose(1, 2), m, reduction="none").sum(1).mean()
        kl = 0.5 * (mu ** 2 + logvar.exp() - 1 - logvar).sum(1).mean()
        return rec, kl, (scores.argmax(-1) == m).float().mean().item()


def main():
    torch.manual_seed(25)
    train, test = melodies(4000), melodies(500)
    vae = MelodyVAE()
    opt = torch.optim.Adam(vae.parameters(), lr=3e-3)
    epochs = 16
    for epoch in range(epochs):
        beta = min(1.0, max(0.0, (epoch - 3) / 8))
        vae.train()
        sums = [0.0, 0.0, 0.0]
        for idx in torch.randperm(len(train)).split(80):
            rec, kl, _ = vae(train[idx])
            loss = rec + beta * kl
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(vae.parameters(), 2.0)
            opt.step()
            for k, v in enumerate((loss, rec, kl)):
                sums[k] += v.item() / 50
        vae.eval()
        with torch.no_grad():
            right = vae(test)[2]
        print(f"epoch {epoch + 1:2d} beta {beta:.2f} loss {sums[0]:.3f} (notes {sums[1]:.3f}, kl {sums[2]:.3f}) "
              f"test notes right {right:.3f}")


main()
