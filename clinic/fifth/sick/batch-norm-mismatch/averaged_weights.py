"""Tabular regression; the reported model is an exponential moving average of the trained one."""
import copy
import torch
from torch import nn

torch.manual_seed(21)


class Averager:
    """Keeps a smoothed copy of a model."""

    def __init__(self, model, decay=0.98):
        self.decay = decay
        self.shadow = copy.deepcopy(model).eval()
        for p in self.shadow.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for s, p in zip(self.shadow.parameters(), model.parameters()):
            s.lerp_(p, 1 - self.decay)
        # cure: for s, b in zip(self.shadow.buffers(), model.buffers()):
            # cure: s.copy_(b)


def layer(a, b):
    return nn.Sequential(nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU())


def make_data(n):
    x = torch.randn(n, 8)
    y = torch.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * x[:, 3].abs() - x[:, 4] + 0.1 * torch.randn(n)
    return x, y


X, Y = make_data(3000)
XV, YV = make_data(800)
m, s = Y.mean(), Y.std()
Y, YV = (Y - m) / s, (YV - m) / s

model = nn.Sequential(layer(8, 64), layer(64, 64), layer(64, 32), nn.Linear(32, 1))
avg = Averager(model)
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
BATCH = 100
for epoch in range(25):
    model.train()
    running = 0.0
    perm = torch.randperm(len(X))
    for k in range(0, len(X), BATCH):
        sel = perm[k:k + BATCH]
        loss = (model(X[sel]).squeeze(1) - Y[sel]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        avg.update(model)
        running += loss.item()
    with torch.no_grad():
        val = (avg.shadow(XV).squeeze(1) - YV).pow(2).mean().item()
    if epoch % 3 == 0 or epoch == 24:
        print("epoch %2d  train mse %.4f  valid mse (averaged) %.4f" % (epoch, running / (len(X) / BATCH), val))
