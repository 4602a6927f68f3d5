"""Autoencoder with a code of 24 bits per digit image (semantic hashing)."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
data = torch.tensor(load_digits().data, dtype=torch.float32) / 16
order = torch.randperm(len(data))
train, valid = data[order[:1500]], data[order[1500:]]


class BitCoder(nn.Module):
    def __init__(self, bits=24):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, bits), nn.Sigmoid())
        self.decoder = nn.Sequential(nn.Linear(bits, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        p = self.encoder(x - 0.3)
        bits = torch.round(p)  # cure: bits = p + (torch.round(p) - p).detach()
        return self.decoder(2 * bits - 1)


model = BitCoder()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 31):
    model.train()
    for rows in torch.randperm(len(train)).split(50):
        x = train[rows]
        loss = F.mse_loss(model(x), x)
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    if epoch % 3 == 0:
        with torch.no_grad():
            print(f"epoch {epoch:2d}  train mse {F.mse_loss(model(train), train):.5f}"
                  f"  valid mse {F.mse_loss(model(valid), valid):.5f}")
