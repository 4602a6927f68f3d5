"""Semantic hashing: 24-bit codes of the digits, from an autoencoder with a binary bottleneck."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

np.random.seed(0)
torch.manual_seed(0)

images, labels = load_digits(return_X_y=True)
perm = np.random.permutation(len(images))
images = torch.from_numpy(images[perm] / 16.0).float()
labels = torch.from_numpy(labels[perm])
train_x, test_x = images[:1400], images[1400:]
train_y, test_y = labels[:1400], labels[1400:]


class HashAutoencoder(nn.Module):
    def __init__(self, bits):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, bits))
        self.decoder = nn.Sequential(nn.Linear(bits, 96), nn.ReLU(), nn.Linear(96, 64))

    def code(self, x):
        soft = torch.sigmoid(self.encoder(x))
        hard = (soft > 0.5).float()
        return hard  # cure: return soft + (hard - soft).detach()

    def forward(self, x):
        return self.decoder(self.code(x) * 2 - 1)


def retrieval(model):
    with torch.no_grad():
        a, b = model.code(train_x).round(), model.code(test_x).round()
    nearest = torch.cdist(b, a, p=1).topk(10, largest=False).indices
    return (train_y[nearest] == test_y[:, None]).float().mean().item()


model = HashAutoencoder(24)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = nn.MSELoss()
for epoch in range(30):
    order = torch.randperm(len(train_x))
    epoch_loss = 0.0
    for start in range(0, len(order), 50):
        x = train_x[order[start:start + 50]]
        optimizer.zero_grad()
        loss = criterion(model(x), x)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(x)
    if epoch % 3 == 2:
        with torch.no_grad():
            test_loss = criterion(model(test_x), test_x).item()
        print(f"[{epoch + 1}] train {epoch_loss / 1400:.4f} test {test_loss:.4f} precision@10 {retrieval(model):.3f}")
