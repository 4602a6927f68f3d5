"""Denoising autoencoder for the 8x8 digits; gradients of two micro-batches per update."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

ACCUMULATE = 2
EPOCHS = 12
NOISE = 0.4

torch.manual_seed(16)
images = torch.tensor(load_digits().data, dtype=torch.float32) / 16
dataset = TensorDataset(images)
train_set, val_set = random_split(dataset, [1408, 389])
loader = DataLoader(train_set, batch_size=16, shuffle=True)
val_clean = torch.stack([val_set[i][0] for i in range(len(val_set))])
val_noisy = val_clean + NOISE * torch.randn_like(val_clean)

encoder = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 32), nn.ReLU())
decoder = nn.Sequential(nn.Linear(32, 96), nn.ReLU(), nn.Linear(96, 64))
autoencoder = nn.Sequential(encoder, decoder)
optimizer = torch.optim.Adam(autoencoder.parameters(), lr=1.5e-3)


def reconstruction_error(noisy, clean):
    return ((autoencoder(noisy) - clean) ** 2).mean()


optimizer.zero_grad()
for epoch in range(1, EPOCHS + 1):
    autoencoder.train()
    epoch_loss = 0.0
    for i, (clean,) in enumerate(loader):
        noisy = clean + NOISE * torch.randn_like(clean)
        loss = reconstruction_error(noisy, clean)
        (loss / ACCUMULATE).backward()
        if (i + 1) % ACCUMULATE == 0:
            optimizer.step()
            # cure: optimizer.zero_grad()
        epoch_loss += loss.item()
    autoencoder.eval()
    with torch.no_grad():
        val = reconstruction_error(val_noisy, val_clean).item()
    print(f"epoch {epoch:2d}  train {epoch_loss / len(loader):.4f}  val {val:.4f}  "
          f"(noisy input itself: {NOISE ** 2:.3f})")
