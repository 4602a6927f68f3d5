"""Breast-cancer diagnosis with a deep MLP; the averaged weights are what gets evaluated."""
import copy
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.lin = nn.Linear(d, d)
        self.bn = nn.BatchNorm1d(d)

    def forward(self, h):
        return torch.relu(self.bn(self.lin(h)))


class DeepMLP(nn.Module):
    def __init__(self, d_in, d=32, depth=6):
        super().__init__()
        self.stem = nn.Linear(d_in, d)
        self.blocks = nn.ModuleList(Block(d) for _ in range(depth))
        self.out_bn = nn.BatchNorm1d(d)
        self.out = nn.Linear(d, 1)

    def forward(self, x):
        h = self.stem(x)
        for b in self.blocks:
            h = b(h)
        return self.out(self.out_bn(h)).squeeze(1)


class Averager:
    """Exponential moving average of a model's weights."""

    def __init__(self, model, decay):
        self.decay, self.model = decay, copy.deepcopy(model).eval()

    @torch.no_grad()
    def update(self, src):
        for a, p in zip(self.model.parameters(), src.parameters()):
            a.lerp_(p, 1 - self.decay)
        # cure: for a, p in zip(self.model.buffers(), src.buffers()): a.copy_(p)


torch.manual_seed(0)
X, Y = load_breast_cancer(return_X_y=True)
xa, xb, ya, yb = train_test_split(X, Y, test_size=0.3, stratify=Y, random_state=0)
sc = StandardScaler().fit(xa)
xa, xb = (torch.tensor(sc.transform(v), dtype=torch.float32) for v in (xa, xb))
ya, yb = (torch.tensor(v, dtype=torch.float32) for v in (ya, yb))

net = DeepMLP(xa.shape[1])
avg = Averager(net, decay=0.95)
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, 16):
    net.train()
    losses = []
    for idx in torch.randperm(len(xa))[:384].split(32):
        opt.zero_grad()
        loss = bce(net(xa[idx]), ya[idx])
        loss.backward()
        opt.step()
        avg.update(net)
        losses.append(loss.item())
    with torch.no_grad():
        z = avg.model(xb)
    acc = ((z > 0).float() == yb).float().mean().item()
    print(f"{epoch:02d} loss {sum(losses) / len(losses):.4f} | averaged: loss {bce(z, yb).item():.4f} acc {acc:.4f}")
