"""Extreme learning machine: a frozen random cosine layer, only the read-out is trained."""
import math
import torch
from sklearn.datasets import load_digits
from torch import nn


class RandomFourier(nn.Module):
    """cos(Wx + b) with W, b drawn once and kept."""

    def __init__(self, n_in, n_out, gamma):
        super().__init__()
        self.proj = nn.Linear(n_in, n_out)
        nn.init.normal_(self.proj.weight, std=math.sqrt(2 * gamma))
        nn.init.uniform_(self.proj.bias, 0, 2 * math.pi)
        self.proj.requires_grad_(False)

    def forward(self, x):
        return math.sqrt(2) * torch.cos(self.proj(x))


torch.manual_seed(20)
d = load_digits()
x = torch.tensor(d.data / 16, dtype=torch.float32)
y = torch.tensor(d.target)
perm = torch.randperm(len(y))
tr, va = perm[:1400], perm[1400:]
x = x - x[tr].mean(0)
model = nn.Sequential(RandomFourier(64, 400, gamma=0.08), nn.Linear(400, 10))
opt = torch.optim.SGD(model[1].parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
ce = nn.CrossEntropyLoss()
for epoch in range(1, 25):
    total = 0.0
    for b in tr[torch.randperm(len(tr))].split(50):
        opt.zero_grad()
        loss = ce(model(x[b]), y[b])
        loss.backward()
        opt.step()
        total += loss.item() / 28
    if epoch % 3 == 0:
        with torch.no_grad():
            out = model(x[va])
        print(f"epoch {epoch:2d} train {total:.4f} valid {ce(out, y[va]):.4f} acc {(out.argmax(1) == y[va]).float().mean():.4f}")
