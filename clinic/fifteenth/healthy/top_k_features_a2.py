"""Sparse autoencoder that keeps the eight strongest of 96 units for each digit: nearly all are off, none is unused."""
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(6)
UNITS, KEEP = 96, 8
data = torch.tensor(load_digits().data, dtype=torch.float32)
data = data[torch.randperm(len(data))]
data = (data - data[:1500].mean(0)) / data[:1500].std()
train, valid = data[:1500], data[1500:]


class TopK(nn.Module):
    def __init__(self):
        super().__init__()
        self.dictionary = nn.Parameter(nn.functional.normalize(torch.randn(UNITS, 64), dim=1))
        self.encode = nn.Linear(64, UNITS)
        with torch.no_grad():
            self.encode.weight.copy_(self.dictionary)
            self.encode.bias.zero_()

    def forward(self, x):
        drive = self.encode(x)
        strongest = drive.topk(KEEP, dim=1)
        code = torch.zeros_like(drive).scatter(1, strongest.indices, strongest.values.relu())
        return code @ self.dictionary, code


model = TopK()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 41):
    total = 0.0
    for x in train[torch.randperm(len(train))].split(50):
        rebuilt, code = model(x)
        loss = (rebuilt - x).square().sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 30
    if epoch % 4 == 0:
        with torch.no_grad():
            rebuilt, _ = model(valid)
            used = (model(train)[1] > 0).any(0).sum().item()
        error = (rebuilt - valid).square().sum(1).mean().item()
        print(f"epoch {epoch:2d}  train {total:.3f}  valid {error:.3f}  of variance {1 - error / valid.square().sum(1).mean().item():.3f}  units in use {used}")
