"""VQ autoencoder of digit quadrants: nearest code word forward, straight-through gradient back, moving-average codebook."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(2)
images = torch.tensor(load_digits().images, dtype=torch.float32)
images = (images - images.mean()) / images.std()
images = images[torch.randperm(len(images))]
patches = images.unfold(1, 4, 4).unfold(2, 4, 4).reshape(len(images), 4, 16)
train, valid = patches[:1400].reshape(-1, 16), patches[1400:].reshape(-1, 16)

CODES, DIM = 64, 8
encoder = nn.Sequential(nn.Linear(16, 64), nn.GELU(), nn.Linear(64, DIM))
decoder = nn.Sequential(nn.Linear(DIM, 64), nn.GELU(), nn.Linear(64, 16))
with torch.no_grad():
    codebook = encoder(train[torch.randperm(len(train))[:CODES]]).clone()
counts, sums = torch.ones(CODES), codebook.clone()


def quantise(z, update=False):
    global counts, sums, codebook
    index = torch.cdist(z.detach(), codebook).argmin(1)
    if update:
        hot = nn.functional.one_hot(index, CODES).float()
        counts = 0.98 * counts + 0.02 * hot.sum(0)
        sums = 0.98 * sums + 0.02 * hot.T @ z.detach()
        codebook = sums / (counts[:, None] + 1e-5)
        rare = torch.nonzero(counts < 0.05)[:, 0]
        if len(rare):
            sums[rare] = z.detach()[torch.randint(0, len(z), (len(rare),))]
            counts[rare] = 1.0
    q = codebook[index]
    return z + (q - z).detach(), (z - q.detach()).square().mean(), index


opt = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
for epoch in range(1, 31):
    total = 0.0
    for batch in torch.utils.data.DataLoader(train, batch_size=128, shuffle=True, drop_last=True):
        q, commitment, _ = quantise(encoder(batch), update=True)
        loss = (decoder(q) - batch).square().mean() + 0.25 * commitment
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    if epoch % 3 == 0:
        with torch.no_grad():
            q, _, index = quantise(encoder(valid))
            v = (decoder(q) - valid).square().mean()
        print(f"epoch {epoch:2d} loss {total / (len(train) // 128):.4f} valid mse {v:.4f} codes in use {len(index.unique())}")
