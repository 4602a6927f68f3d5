"""Convolutional VAE for the digits; afterwards a nearest-neighbour check shows what the codes know of the class."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier
from torch import nn

LATENT = 8
KL_WEIGHT = 30.0  # cure: KL_WEIGHT = 1.0


class ConvVAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.SiLU(),
                                    nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.SiLU(), nn.Flatten(), nn.Linear(128, 2 * LATENT))
        self.decode = nn.Sequential(nn.Linear(LATENT, 128), nn.SiLU(), nn.Unflatten(1, (32, 2, 2)),
                                    nn.ConvTranspose2d(32, 16, 2, stride=2), nn.SiLU(), nn.ConvTranspose2d(16, 1, 2, stride=2))

    def forward(self, x):
        mu, logvar = self.encode(x).chunk(2, 1)
        return self.decode(mu + torch.randn_like(mu) * (logvar / 2).exp()), mu, logvar


torch.manual_seed(15)
bunch = load_digits()
x = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1) / 16
train, test = torch.randperm(len(x)).split([1400, 397])
vae = ConvVAE()
optimizer = torch.optim.Adam(vae.parameters(), lr=3e-3)


def terms(batch):
    logits, mu, logvar = vae(batch)
    rec = F.binary_cross_entropy_with_logits(logits, batch, reduction="none").sum((1, 2, 3)).mean()
    kl = 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(1).mean()
    return rec, kl


for epoch in range(40):
    for rows in train[torch.randperm(len(train))].split(50):
        rec, kl = terms(x[rows])
        loss = rec + KL_WEIGHT * kl
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            rec, kl = terms(x[test])
        print(f"epoch {epoch + 1}: held-out reconstruction {rec:.2f} kl {kl:.3f}")
with torch.no_grad():
    codes = vae.encode(x)[:, :LATENT].numpy()
knn = KNeighborsClassifier(5).fit(codes[train], bunch.target[train])
print("accuracy of the nearest neighbours in code space", round(knn.score(codes[test], bunch.target[test]), 3))
