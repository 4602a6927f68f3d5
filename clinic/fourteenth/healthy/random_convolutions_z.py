"""Digits by a frozen layer of random convolutions and a trained linear read-out."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)
data = load_digits()
x = torch.tensor(data.images, dtype=torch.float32)[:, None]
x = (x - x.mean()) / x.std()
train, test = random_split(TensorDataset(x, torch.tensor(data.target)), [1300, 497])
train, test = DataLoader(train, batch_size=50, shuffle=True), DataLoader(test, batch_size=497)
random_part = nn.Sequential(nn.Conv2d(1, 48, 4), nn.ReLU(), nn.AvgPool2d(2, 1), nn.Flatten()).requires_grad_(False)
readout = nn.Sequential(nn.BatchNorm1d(768, affine=False), nn.Linear(768, 10))
opt = torch.optim.SGD(readout.parameters(), lr=0.01, momentum=0.9, weight_decay=0.05)
for epoch in range(20):
    readout.train()
    total = 0.0
    for xb, yb in train:
        loss = nn.functional.cross_entropy(readout(random_part(xb)), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / len(train)
    readout.eval()
    with torch.no_grad():
        xb, yb = next(iter(test))
        out = readout(random_part(xb))
    print(f"{epoch:2d} train {total:.4f} test {nn.functional.cross_entropy(out, yb):.4f} acc {(out.argmax(1) == yb).float().mean():.3f}")
