"""Compresses digits to 24 nearly binary numbers (steep sigmoid) and reconstructs them."""
import torch
from torch import nn
from sklearn.datasets import load_digits


class BinaryCoder(nn.Module):
    def __init__(self, bits=24, steepness=60.0):  # cure: def __init__(self, bits=24, steepness=2.0):
        super().__init__()
        self.steepness = steepness
        self.encoder = nn.Linear(64, bits)
        self.decoder = nn.Sequential(nn.Linear(bits, 64), nn.ReLU(), nn.Linear(64, 64))

    def code(self, x):
        return torch.sigmoid(self.steepness * self.encoder(x))

    def forward(self, x):
        return self.decoder(self.code(x))


torch.manual_seed(5)
x = torch.tensor(load_digits().data, dtype=torch.float32)
x = (x - x.mean(0)) / x.std(0).clamp(min=1.0)
x = x[torch.randperm(len(x))]
held_out, x = x[:300], x[300:]
net = BinaryCoder()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
print("variance of the data per pixel:", round(held_out.pow(2).mean().item(), 3))
for epoch in range(1, 41):
    for chunk in torch.randperm(len(x)).split(32):
        err = (net(x[chunk]) - x[chunk]).pow(2).mean()
        opt.zero_grad()
        err.backward()
        opt.step()
    if epoch % 10 == 0:
        with torch.no_grad():
            print("epoch", epoch, "train", round((net(x) - x).pow(2).mean().item(), 4),
                  "held out", round((net(held_out) - held_out).pow(2).mean().item(), 4))
