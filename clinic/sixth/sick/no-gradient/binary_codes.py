"""Autoencoder with 24 binary code bits for the digits (semantic hashing)."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(8)
x = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
x = x[torch.randperm(len(x))]
train, held = x[:1400], x[1400:]


def binarise(a):
    hard = (a > 0).float()
    return hard  # cure: return hard + torch.sigmoid(a) - torch.sigmoid(a).detach()


class HashAE(nn.Module):
    def __init__(self, bits=24):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, bits))
        self.dec = nn.Sequential(nn.Linear(bits, 128), nn.ReLU(), nn.Linear(128, 64))

    def forward(self, x):
        return self.dec(binarise(self.enc(x - 0.3)))


model = HashAE()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 61):
    for xb in train[torch.randperm(len(train))].split(50):
        loss = F.mse_loss(model(xb), xb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 6 == 0:
        with torch.no_grad():
            print(f"epoch {epoch:3d}: train {F.mse_loss(model(train), train):.4f} "
                  f"held-out {F.mse_loss(model(held), held):.4f}")
