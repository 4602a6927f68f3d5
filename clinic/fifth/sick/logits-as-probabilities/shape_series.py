"""Recognise the kind of a short series (sine, square, saw, noise) with a 1-D CNN."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

rng = np.random.default_rng(0)
torch.manual_seed(0)


def series(kind, n=48):
    t = np.linspace(0, 1, n) * rng.uniform(2, 4) + rng.uniform()
    s = [np.sin(2 * np.pi * t), np.sign(np.sin(2 * np.pi * t)), 2 * (t % 1) - 1, rng.uniform(-1, 1, n)][kind]
    return s + 0.5 * rng.normal(size=n)


def make(n):
    k = rng.integers(0, 4, n)
    return torch.tensor(np.stack([series(i) for i in k])).float()[:, None], torch.tensor(k)


class SeriesNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 16, 5, padding=2)
        self.conv2 = nn.Conv1d(16, 16, 5, padding=2)
        self.fc = nn.Linear(16 * 12, 4)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.conv1(x)), 2)
        x = F.max_pool1d(F.relu(self.conv2(x)), 2)
        x = self.fc(x.flatten(1))
        return x  # cure: return F.log_softmax(x, dim=1)


x, y = make(3000)
vx, vy = make(800)
net = SeriesNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(1, 9):
    run = 0.0
    for idx in torch.randperm(len(x)).split(60):
        opt.zero_grad()
        loss = F.nll_loss(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
        run += loss.item() * len(idx)
    with torch.no_grad():
        out = net(vx)
    print(f"epoch {epoch}: train {run / len(x):.3f} valid {F.nll_loss(out, vy).item():.3f} "
          f"accuracy {(out.argmax(1) == vy).float().mean().item():.3f}")
