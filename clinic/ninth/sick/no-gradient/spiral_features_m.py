"""Spiral arms: a learned feature extractor under a linear classifier, with the features kept for a later plot."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

rng = np.random.default_rng(0)
n = 900
arm = rng.integers(0, 3, n)
t = rng.uniform(0.1, 1, n)
phi = arm * 2 * np.pi / 3 + 4.0 * t
xy = np.stack([t * np.cos(phi), t * np.sin(phi)], 1) * 1.7 + rng.normal(0, 0.05, (n, 2))
x, y = torch.tensor(xy, dtype=torch.float32), torch.tensor(arm)
tr, te = slice(0, 700), slice(700, n)


class SpiralNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 6), nn.Tanh())
        self.classify = nn.Linear(6, 3)
        self.kept = None

    def forward(self, x):
        f = self.features(x)
        self.kept = f = f.detach()  # cure: self.kept = f.detach()
        return self.classify(f)


torch.manual_seed(1)
net = SpiralNet()
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(60):
    losses = []
    for b in torch.randperm(700).split(50):
        loss = F.cross_entropy(net(x[tr][b]), y[tr][b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    if epoch % 6 == 5:
        with torch.no_grad():
            acc = (net(x[te]).argmax(1) == y[te]).float().mean().item()
        print("epoch", epoch + 1, "loss", round(np.mean(losses), 4), "test acc", round(acc, 4))
print("feature spread", net.kept.std(0).numpy().round(2))
