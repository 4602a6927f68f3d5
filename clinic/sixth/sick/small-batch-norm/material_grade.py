"""Material grade from 12 spectral bands; batches are cut into chunks to fit our small card."""
import torch
from torch import nn

torch.manual_seed(23)
CHUNK = 2  # cure: CHUNK = 32
BATCH = 64
GRADES = 6


def spectra(n):
    g = torch.Generator().manual_seed(5)
    peaks = torch.randn(GRADES, 3, generator=g)
    mix = torch.randn(3, 12, generator=g)
    y = torch.randint(GRADES, (n,))
    latent = peaks[y] + 0.45 * torch.randn(n, 3)
    return torch.tanh(latent @ mix * 0.5) + 0.1 * torch.randn(n, 12), y


class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU())

    def forward(self, x):
        return self.f(x)


x, y = spectra(1600)
xv, yv = spectra(800)
mu, sd = x.mean(0), x.std(0)
x, xv = (x - mu) / sd, (xv - mu) / sd
model = nn.Sequential(Block(12, 48), Block(48, 48), nn.Linear(48, GRADES))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)

for epoch in range(12):
    model.train()
    total = 0.0
    for batch in torch.randperm(len(x)).split(BATCH):
        opt.zero_grad()
        for part in batch.split(CHUNK):
            loss = nn.functional.cross_entropy(model(x[part]), y[part]) * len(part) / len(batch)
            loss.backward()
            total += loss.item() / 25
        opt.step()
    model.eval()
    with torch.no_grad():
        out = model(xv)
        val, acc = nn.functional.cross_entropy(out, yv).item(), (out.argmax(1) == yv).float().mean().item()
    if epoch % 2 == 1:
        print(f"epoch {epoch + 1}: train {total:.3f} valid {val:.3f} acc {acc:.3f}")
