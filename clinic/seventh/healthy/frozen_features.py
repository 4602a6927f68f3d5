"""Random convolutional features (never trained) under a trained linear read-out, on the digits."""
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(1)
d = load_digits()
x = torch.tensor(d.images / 16 - 0.3, dtype=torch.float32)[:, None]
y = torch.tensor(d.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]

features = nn.Sequential(nn.Conv2d(1, 48, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
for p in features.parameters():
    p.requires_grad_(False)
readout = nn.Sequential(nn.BatchNorm1d(432), nn.Linear(432, 10))
model = nn.Sequential(features, readout)
opt = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.05, momentum=0.9, weight_decay=1e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(10):
    model.train()
    total = 0.0
    for idx in torch.randperm(1400).split(70):
        loss = ce(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 20
    model.eval()
    with torch.no_grad():
        acc = (model(x[1400:]).argmax(1) == y[1400:]).float().mean().item()
    print(f"epoch {epoch} loss {total:.4f} test accuracy {acc:.4f}")
