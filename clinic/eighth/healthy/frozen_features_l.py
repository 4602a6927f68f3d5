"""Frozen random convolution features with a trained linear head (only the head is optimised)."""
import torch
from torch import nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(54)
d = load_digits()
x = (torch.tensor(d.images, dtype=torch.float32)[:, None] - 4.88) / 6.02
y = torch.tensor(d.target)
perm = torch.randperm(len(y))
loader = DataLoader(TensorDataset(x[perm[:1400]], y[perm[:1400]]), batch_size=40, shuffle=True)
x_test, y_test = x[perm[1400:]], y[perm[1400:]]

backbone = nn.Sequential(nn.Conv2d(1, 48, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
backbone.requires_grad_(False).eval()
head = nn.Sequential(nn.LayerNorm(48 * 16), nn.Linear(48 * 16, 10))
opt = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.01)
for epoch in range(8):
    total = 0.0
    for xb, yb in loader:
        with torch.no_grad():
            feats = backbone(xb)
        loss = nn.functional.cross_entropy(head(feats), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        acc = (head(backbone(x_test)).argmax(1) == y_test).float().mean()
    print(f"epoch {epoch} loss {total / len(loader):.4f} test acc {acc:.3f}")
