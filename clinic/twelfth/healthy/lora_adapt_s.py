"""Low-rank adaptation: an MLP trained on plain digits is adapted to inverted, mirrored digits with frozen weights."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class LoRALinear(nn.Module):
    def __init__(self, base, rank):
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features ** 0.5)
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return self.base(x) + x @ self.down.t() @ self.up.t()


def fit(net, x, y, params, epochs, lr, tag, xv, yv):
    opt = torch.optim.Adam(params, lr=lr)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(50):
            loss = F.cross_entropy(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx) / len(x)
        with torch.no_grad():
            acc = (net(xv).argmax(1) == yv).float().mean().item()
        print(f"{tag} epoch {epoch + 1}: loss {total:.4f}  test accuracy {acc:.3f}")


torch.manual_seed(0)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32) / 8 - 1
y = torch.tensor(d.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
plain, changed = x.flatten(1), -x.flip(2).flatten(1)
cut = 1350
net = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 10))
fit(net, plain[:cut], y[:cut], net.parameters(), 8, 2e-3, "base", plain[cut:], y[cut:])

for k in (0, 2, 4):
    net[k] = LoRALinear(net[k], rank=8)
adapter = [p for p in net.parameters() if p.requires_grad]
print(sum(p.numel() for p in adapter), "trainable of", sum(p.numel() for p in net.parameters()))
fit(net, changed[:cut], y[:cut], adapter, 12, 4e-3, "adapter", changed[cut:], y[cut:])
